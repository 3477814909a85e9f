import type { UnsafeCode } from "@waxseal/contract";
import type { Database } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import type { MxProbe } from "@waxseal/probes";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestAccount, createTestDomain } from "../../testing/create-test-report.ts";
import { createTestSurroundings, type TestSurroundings } from "../../testing/create-test-surroundings.ts";
import type { Context } from "../context.ts";
import { setPolicy } from "./set-policy.ts";

let database: TestDatabase;
let db: Database;
let ctx: Context;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  db = database.db;
  ctx = await createTestAccount(db, () => new Date("2026-11-29T10:00:00Z"));
});
afterAll(() => database.drop());

type Fault =
  | "certificate-expired"
  | "certificate-host-mismatch"
  | "certificate-not-trusted"
  | "certificate-not-yet-valid";

function presents(fault: Fault): MxProbe {
  const address = "192.0.2.1";
  const session = { tlsVersion: "TLSv1.3", cipher: "TLS_AES_128_GCM_SHA256", greeting: "220", durationMs: 1 };
  return {
    found: {
      ...session,
      address,
      addresses: [address],
      certificate: undefined,
      fault: { fault, detail: "" },
    },
  };
}

function fails(missing: Extract<MxProbe, { missing: string }>["missing"]): MxProbe {
  return { missing, detail: "", greeting: undefined, addresses: [], durationMs: 1 };
}

const MX = "mx1.stops.example";
const probed = (probe: MxProbe) => (seen: TestSurroundings) => void seen.probes.set(MX, probe);
const hosts =
  (...mxHosts: string[]) =>
  (seen: TestSurroundings) => {
    seen.mxHosts = mxHosts;
  };

const CASES: [UnsafeCode, string, (seen: TestSurroundings) => void][] = [
  ["mx-all-uncovered", "no host is in the policy", hosts("mx8.stops.example", "mx9.stops.example")],
  ["mx-uncovered", "one host is not in the policy", hosts(MX, "mx9.stops.example")],
  ["mx-no-starttls", "no STARTTLS", probed(fails("starttls-not-offered"))],
  ["mx-certificate-expired", "an expired certificate", probed(presents("certificate-expired"))],
  ["mx-certificate-host-mismatch", "another name", probed(presents("certificate-host-mismatch"))],
  ["mx-certificate-not-trusted", "an unknown CA", probed(presents("certificate-not-trusted"))],
  [
    "mx-certificate-not-trusted",
    "a certificate of the future",
    probed(presents("certificate-not-yet-valid")),
  ],
  ["mx-tls-too-old", "TLS 1.1 only", probed(fails("tls-version-too-old"))],
  ["mx-unknown", "no host answers", probed(fails("timeout"))],
  [
    "mx-unknown",
    "DNS does not answer",
    (seen) => {
      seen.resolver.resolveMx = async () => ({ missing: "timeout", cnames: [], detail: "" });
    },
  ],
  ["mx-name-unusable", "an address in place of a name", hosts(MX, "192.0.2.7")],
  ["no-evidence", "no report yet", () => undefined],
];

test.each(CASES)(
  "RFC 8461 §5: %s refuses enforce, %s; testing is never refused",
  async (code, why, change) => {
    const { domainId } = await createTestDomain(
      ctx,
      `${why.replaceAll(/[^a-z]+/gi, "-").toLowerCase()}.example`,
    );
    const seen = createTestSurroundings(MX);
    change(seen);
    const policy = { domainId, mx: [MX], maxAgeSeconds: 86_400 };
    await expect(setPolicy(ctx, { ...policy, mode: "enforce" }, seen)).rejects.toMatchObject({
      code: "unsafe",
      unsafe: { reasons: expect.arrayContaining([expect.objectContaining({ code, level: "stop" })]) },
    });
    expect(await setPolicy(ctx, { ...policy, mode: "testing" }, seen)).toMatchObject({ mode: "testing" });
  },
);
