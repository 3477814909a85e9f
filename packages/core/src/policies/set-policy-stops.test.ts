import type { PolicyEdit, UnsafeCode } from "@waxseal/contract";
import type { Database } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import type { MxProbe } from "@waxseal/probes";
import { HOUR_MS } from "@waxseal/runtime/time-spans";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { z } from "zod";
import { createTestAccount, createTestDomain } from "../../testing/create-test-report.ts";
import { createTestSurroundings, type TestSurroundings } from "../../testing/create-test-surroundings.ts";
import { storeTestReport } from "../../testing/store-test-report.ts";
import type { Context } from "../context.ts";
import { continuePolicyChange } from "../policy-changes/continue-policy-change.ts";
import { listPolicyLines } from "../policy-changes/get-policy-change.ts";
import { preparePolicyChange } from "../policy-changes/prepare-policy-change.ts";
import { keepMxProbe } from "../watching/keep-mx-probe.ts";
import { lookAtMxHost } from "../watching/look-at-mx-host.ts";
import { assessPolicyChange } from "./assess-policy-change.ts";
import { type PolicyInput, setPolicy } from "./set-policy.ts";

let database: TestDatabase;
let db: Database;
let ctx: Context;
let nowMs = Date.parse("2026-11-29T10:00:00Z");
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  db = database.db;
  ctx = await createTestAccount(db, () => new Date(nowMs));
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

type Change = (seen: TestSurroundings, domainId: string) => void | Promise<void>;

const CASES: [UnsafeCode, string, Change][] = [
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
  [
    "would-refuse",
    "reports of refused mail",
    (_, domainId) => storeTestReport(ctx, domainId, { day: 27, failed: 10 }),
  ],
];

/** How a change to many policies ends for the one domain that it names. */
async function changeMany(
  domainId: string,
  edit: Partial<z.infer<typeof PolicyEdit>>,
  seen: TestSurroundings,
) {
  const wanted = { edit: { addMx: [], removeMx: [], ...edit }, domainIds: [domainId] };
  const { id: changeId, waiting } = await preparePolicyChange(ctx, wanted);
  if (waiting > 0) await continuePolicyChange(ctx, { changeId, limit: 1 }, seen);
  return (await listPolicyLines(ctx, { changeId, limit: 1 })).items[0];
}

const unsafe = (code: UnsafeCode) => ({
  code: "unsafe",
  unsafe: { reasons: expect.arrayContaining([expect.objectContaining({ code, level: "stop" })]) },
});

test.each(CASES)(
  "RFC 8461 §5: %s refuses enforce, %s, also as one of many domains; testing is never refused",
  async (code, why, change) => {
    const { domainId } = await createTestDomain(
      ctx,
      `${why.replaceAll(/[^a-z]+/gi, "-").toLowerCase()}.example`,
    );
    const seen = createTestSurroundings(MX);
    await change(seen, domainId);
    const policy = { domainId, mx: [MX], maxAgeSeconds: 86_400 };
    await expect(setPolicy(ctx, { ...policy, mode: "enforce" }, seen)).rejects.toMatchObject(unsafe(code));
    expect(await setPolicy(ctx, { ...policy, mode: "testing" }, seen)).toMatchObject({ mode: "testing" });
    expect(await changeMany(domainId, { mode: "enforce" }, seen)).toMatchObject({ state: "refused" });
  },
);

/** A domain that enforces for two hosts, the second of which left its MX records now. */
async function startMove(domain: string) {
  const { domainId } = await createTestDomain(ctx, domain);
  const old = `old.${domain}`;
  const seen = createTestSurroundings(MX, old);
  const policy = { domainId, mode: "enforce", mx: [MX, old], maxAgeSeconds: 86_400 };
  const consent = { acknowledge: ["no-evidence"], confirmDomain: domain };
  const set = (changes: Partial<PolicyInput>) => setPolicy(ctx, { ...policy, ...consent, ...changes }, seen);
  const { version } = await set({});
  const where = { accountId: ctx.accountId, domainId };
  await db.policyVersion.updateMany({ where, data: { publishedAt: ctx.now() } });
  await db.domain.updateMany({ where: { id: domainId }, data: { publishedVersion: version } });
  seen.mxHosts = [MX];
  return { domainId, domain, old, seen, set };
}

test("mx-move-running: a host that left the MX records stays in an enforcing policy for 54 hours, also as one of many domains", async () => {
  const { domainId, old, seen, set } = await startMove("move.example");
  await expect(set({ mx: [MX] })).rejects.toMatchObject(unsafe("mx-move-running"));
  nowMs += 54 * HOUR_MS - 1;
  expect(await changeMany(domainId, { removeMx: [old] }, seen)).toMatchObject({
    state: "refused",
    assessment: { verdict: "stop" },
    reason: expect.stringContaining(`${old} received mail for move.example until 29 Nov 2026`),
  });
  nowMs += 1;
  expect(await set({ mx: [MX] })).toMatchObject({ version: 2, mx: [MX] });
});

test("leaving a former host out of a first enforcing policy is advised against only", async () => {
  const { domainId, set } = await startMove("first.example");
  const { version } = await set({ mode: "testing" });
  await db.domain.updateMany({ where: { id: domainId }, data: { publishedVersion: version } });
  expect(await set({ mx: [MX] })).toMatchObject({ mode: "enforce", mx: [MX] });
});

test("a new test or DNS result between the assessment and the change is a conflict", async () => {
  const { domainId, domain, set } = await startMove("between.example");
  const policy = { mode: "enforce" as const, mx: [MX, `old.${domain}`], maxAgeSeconds: 172_800 };
  const seen = createTestSurroundings(MX);
  const { id: assessmentId } = await assessPolicyChange(ctx, { domainId, policy }, seen);
  const put = () => set({ ...policy, assessmentId });
  const test = async (...probes: [string, MxProbe][]) => {
    nowMs += 1_000;
    seen.probes = new Map(probes);
    const { seen: host, probe } = await lookAtMxHost(seen, MX);
    await keepMxProbe(db, host, probe, ctx.now());
  };
  await test([MX, fails("starttls-not-offered")]);
  await expect(put()).rejects.toMatchObject({ code: "conflict", reason: "mx_changed" });
  await test();
  const where = { accountId_id: { accountId: ctx.accountId, id: domainId } };
  const moved = { mxHosts: [{ mxHost: "mx9.between.example", preference: 10 }] };
  const { mxHosts } = await db.domain.findUniqueOrThrow({ where });
  await db.domain.update({ where, data: moved });
  await expect(put()).rejects.toMatchObject({ code: "conflict", reason: "mx_changed" });
  await db.domain.update({ where, data: { mxHosts: mxHosts ?? [] } });
  expect(await put()).toMatchObject({ maxAgeSeconds: 172_800 });
});

test("an acknowledged assessment does not cover a host that appeared after it expired", async () => {
  const { domainId, domain, set } = await startMove("since.example");
  const mx = [MX, `old.${domain}`];
  const policy = { mode: "enforce" as const, mx, maxAgeSeconds: 172_800 };
  const seen = createTestSurroundings(MX, "mx7.since.example");
  const { id } = await assessPolicyChange(ctx, { domainId, policy }, seen);
  seen.mxHosts.push("mx8.since.example");
  nowMs += 11 * 60_000;
  const consent = {
    acknowledge: ["no-evidence", "mx-uncovered"],
    confirmDomain: domain,
  };
  const put = (assessmentId: string | undefined) =>
    setPolicy(ctx, { domainId, ...policy, ...consent, assessmentId }, seen);
  await expect(put(id)).rejects.toThrow(/^Enforcing this policy could hold mail back: mx8\.since\.example/);
  await set({ mode: "testing" });
  expect(await put(undefined)).toMatchObject({ mode: "enforce" });
});

test("a policy that is held can be set again with what holds it acknowledged", async () => {
  const { domainId, domain, set } = await startMove("held.example");
  const where = { accountId_id: { accountId: ctx.accountId, id: domainId } };
  await db.domain.update({ where, data: { publishHold: "mx-no-starttls", publishProblem: "Held." } });
  const again = { mx: [MX, `old.${domain}`] };
  expect(await set({ ...again, acknowledge: [] })).toMatchObject({ version: 1 });
  expect(await set(again)).toMatchObject({ version: 2 });
  expect(await db.domain.findUniqueOrThrow({ where })).toMatchObject({
    publishHold: null,
    publishProblem: null,
  });
});
