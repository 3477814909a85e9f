import { createHash, X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import type { Database } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import type { Policy } from "@waxseal/mta-sts";
import type { MxProbe } from "@waxseal/probes";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestAccount, createTestDomain } from "../../testing/create-test-report.ts";
import { createTestSurroundings } from "../../testing/create-test-surroundings.ts";
import { storeTestReport } from "../../testing/store-test-report.ts";
import { assessPolicyChange, presentAssessment } from "./assess-policy-change.ts";
import { pruneAssessments } from "./prune-assessments.ts";

const NOW = new Date("2026-11-29T10:00:00Z");
const EXPIRED: MxProbe = {
  found: {
    tlsVersion: "TLSv1.3",
    cipher: "TLS_AES_128_GCM_SHA256",
    certificate: undefined,
    fault: { fault: "certificate-expired", detail: "It expired" },
    greeting: "220",
    address: "192.0.2.1",
    addresses: ["192.0.2.1"],
    durationMs: 1,
  },
};

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  db = database.db;
});
afterAll(() => database.drop());

/** A host that presents this certificate, which senders accept. */
function present(der: Buffer): MxProbe {
  const { issuer, subject, serialNumber, fingerprint256, validFromDate } = new X509Certificate(der);
  const certificate = {
    issuer,
    subject,
    serialNumber,
    fingerprint256,
    notBefore: validFromDate,
    notAfter: new Date("2027-11-29T10:00:00Z"),
    subjectAltNames: [],
    keyType: "RSA" as const,
    chain: [],
    derChain: [der],
  };
  return "found" in EXPIRED ? { found: { ...EXPIRED.found, fault: undefined, certificate } } : EXPIRED;
}

async function start(domain: string) {
  const ctx = await createTestAccount(db, () => NOW);
  const { domainId } = await createTestDomain(ctx, domain);
  const policy: Policy = { mode: "enforce", mx: [`mx1.${domain}`], maxAgeSeconds: 604_800 };
  return { ctx, domainId, policy, surroundings: createTestSurroundings(`mx1.${domain}`) };
}

async function assess({ ctx, domainId, policy, surroundings }: Awaited<ReturnType<typeof start>>) {
  return presentAssessment(await assessPolicyChange(ctx, { domainId, policy }, surroundings));
}

test("RFC 8461 §5: an expired certificate at an MX host stops enforcing", async () => {
  const scene = await start("expired.example");
  scene.surroundings.probes.set("mx1.expired.example", EXPIRED);
  const { verdict, reasons } = await assess(scene);
  expect(verdict).toBe("stop");
  expect(reasons).toContainEqual(
    expect.objectContaining({ code: "mx-certificate-expired", level: "stop", mxHost: "mx1.expired.example" }),
  );
});

test("RFC 7672 §3.1: a signed TLSA record that matches no certificate of the host is named; one that matches, or unsigned doubt, is not", async () => {
  const scene = await start("dane.example");
  const der = new X509Certificate(rootCertificates[0] ?? "").raw;
  scene.surroundings.probes.set("mx1.dane.example", present(der));
  const digest = createHash("sha256").update(der).digest("hex");
  const answer = async (data: string) => {
    const record = { usage: 3, selector: 0, matchingType: 1, data };
    scene.surroundings.tlsa.set("_25._tcp.mx1.dane.example", [record]);
    return (await assess(scene)).reasons.filter(({ code }) => code === "dane-mismatch");
  };
  expect(await answer(digest)).toEqual([]);
  expect(await answer("00".repeat(32))).toMatchObject([{ level: "advise", mxHost: "mx1.dane.example" }]);
  scene.surroundings.probes.delete("mx1.dane.example");
  expect(await answer("00".repeat(32))).toEqual([]);
});

test("what a look at an MX host shows is kept once for all domains, with its certificates, and the host per domain", async () => {
  const scene = await start("kept.example");
  const [first, second] = rootCertificates.map((pem) => new X509Certificate(pem).raw);
  const host = { where: { mxHost: "mx1.kept.example" } };
  for (const der of [first, second, second]) {
    scene.surroundings.probes.set("mx1.kept.example", present(der ?? Buffer.alloc(0)));
    await assess(scene);
  }
  expect(await db.mxHostProbe.findMany(host)).toMatchObject([
    { address: "", state: "good", looksGood: 3, confirmedState: "good", tlsVersion: "TLSv1.3" },
  ]);
  expect(await db.mxHostCertificate.count(host)).toBe(2);
  expect(await db.mxSighting.findMany(host)).toMatchObject([{ domainId: scene.domainId, lastSeenAt: NOW }]);
});

test("two weeks of good aligned reports of two senders and good hosts are safe", async () => {
  const scene = await start("good.example");
  for (let day = 15; day <= 28; day += 1) {
    for (const reporter of ["Google Inc.", "Microsoft Corporation"])
      await storeTestReport(scene.ctx, scene.domainId, { day, failed: 0, reporter });
  }
  expect(await assess(scene)).toMatchObject({
    verdict: "safe",
    simulation: { reportDays: 14, sessions: 2_800, refusedSessions: 0 },
  });
});

test("failures in aligned reports stop enforcing; those of a stranger move nothing, in either direction", async () => {
  const failing = await start("failing.example");
  await storeTestReport(failing.ctx, failing.domainId, { day: 27, failed: 10 });
  // A forger cannot drown them in made-up successes.
  for (let day = 15; day <= 28; day += 1)
    await storeTestReport(failing.ctx, failing.domainId, {
      day,
      failed: 0,
      trust: "unsigned",
      reporter: "Forged",
    });
  const { reasons, simulation } = await assess(failing);
  expect(simulation).toMatchObject({ sessions: 100, refusedSessions: 10, reporters: ["Google Inc."] });
  expect(reasons).toContainEqual(expect.objectContaining({ code: "would-refuse", level: "stop" }));

  const forged = await start("forged.example");
  await storeTestReport(forged.ctx, forged.domainId, {
    day: 27,
    failed: 90,
    trust: "unsigned",
    reporter: "Forged",
  });
  expect((await assess(forged)).simulation).toMatchObject({ sessions: 0, refusedSessions: 0 });
});

test("an imported report counts when its signature proves who sent it, as the Reports page counts it", async () => {
  const scene = await start("imported.example");
  await storeTestReport(scene.ctx, scene.domainId, { day: 27, failed: 10, transport: "import" });
  const { reasons } = await assess(scene);
  expect(reasons).toContainEqual(expect.objectContaining({ code: "would-refuse", level: "stop" }));
});

test("the MX records seen are stored, so that a later change is noticed before the policy is set", async () => {
  const scene = await start("moved.example");
  scene.surroundings.mxHosts = ["mx7.moved.example"];
  expect((await assess(scene)).reasons.map(({ code }) => code)).toContain("mx-all-uncovered");
  const row = await db.domain.findFirstOrThrow({ where: { id: scene.domainId } });
  expect(row.mxHosts).toEqual([{ mxHost: "mx7.moved.example", preference: 10 }]);
});

test("an assessment is deleted 90 days after it stopped being valid, by the database's time", async () => {
  const scene = await start("pruned.example");
  await assess(scene);
  await assess(scene);
  const [old, recent] = await db.policyAssessment.findMany({ where: { domainId: scene.domainId } });
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
  const expire = (id: string, validUntil: Date) =>
    db.policyAssessment.updateMany({ where: { id }, data: { validUntil } });
  await expire(old?.id ?? "", daysAgo(91));
  await expire(recent?.id ?? "", daysAgo(89));
  await pruneAssessments(db);
  const left = await db.policyAssessment.findMany({ where: { domainId: scene.domainId } });
  expect(left.map(({ id }) => id)).toEqual([recent?.id]);
});
