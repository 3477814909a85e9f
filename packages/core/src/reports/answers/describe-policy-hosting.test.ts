import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import {
  createTestAccount,
  createTestDomain,
  testFailure,
  testPolicy,
  testReportJson,
} from "../../../testing/create-test-report.ts";
import { importReports } from "../processing/import-report.ts";
import { listFailureClusters } from "./list-failure-clusters.ts";

const DAY = "2026-03-12";
const now = () => new Date("2026-03-15T06:00:00Z");
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

const at = (text: string) => new Date(`${text}Z`);

/** A domain hosted since January with a failure to fetch its policy; answers its one cluster. */
async function openHostedDomain(domain: string) {
  const ctx = await createTestAccount(database.db, now);
  const { accountId, db } = ctx;
  const { domainId } = await createTestDomain(ctx, domain);
  await db.domainClaim.create({
    data: { domain, accountId, domainId, claimedAt: at("2026-01-01T00:00:00") },
  });
  await db.setupRecord.create({ data: { accountId, domainId, kind: "policyHost", state: "correct" } });
  const host = `mta-sts.${domain}`;
  const certificate = {
    accountId,
    host,
    chainPem: "",
    keyJwe: "",
    issuer: "CA",
    serial: "1",
    fingerprint256: "",
    directoryUrl: "",
  };
  await db.certificate.create({
    data: {
      ...certificate,
      notBefore: at("2026-01-01T00:00:00"),
      createdAt: at("2026-01-01T00:00:00"),
      notAfter: at("2026-04-01T00:00:00"),
    },
  });
  const failureDetails = [testFailure({ resultType: "sts-policy-fetch-error", receivingMxHost: null })];
  const policies = [testPolicy(domain, { failedSessions: 1, failureDetails })];
  await importReports(ctx, [{ fileName: "r.json", bytes: Buffer.from(testReportJson(DAY, { policies })) }]);
  const cluster = async () => (await listFailureClusters(ctx, { from: DAY, to: DAY })).items[0];
  return { ctx, domainId, host, cluster };
}

test("a failed policy fetch is the sender's, unless our logs of that day show a fault of ours or of the CNAME", async () => {
  const { ctx, domainId, host, cluster } = await openHostedDomain("one.example");
  const { accountId, db } = ctx;
  expect(await cluster()).toMatchObject({
    fixedBy: "sender",
    meaning: expect.stringContaining(
      "No request of this sender for the policy reached Waxseal on 12 Mar 2026",
    ),
  });
  const hour = at(`${DAY}T23:00:00`);
  await db.policyFetch.create({
    data: { accountId, domainId, hour, version: 1, status: 200, network: "192.0.2.0/24", fetches: 2 },
  });
  expect((await cluster())?.meaning).toContain("2 requests from the sender's network on 12 Mar 2026");
  await db.handshakeFailure.createMany({
    data: [
      { policyHost: host, hour, reason: "no-certificate", failures: 3 },
      { policyHost: host, hour: at("2026-03-13T00:00:00"), reason: "no-certificate", failures: 50 },
    ],
  });
  expect(await cluster()).toMatchObject({
    fixedBy: "us",
    meaning: expect.stringContaining("3 failed handshakes on 12 Mar 2026"),
    message: { body: expect.stringContaining("3 failed handshakes on 12 Mar 2026") },
  });
  const changed = {
    accountId,
    domainId,
    kind: "setup.changed",
    actorKind: "job",
    actorId: "",
    actorName: "",
  };
  const record = "policyHost";
  await db.event.createMany({
    data: [
      { ...changed, at: at("2026-03-12T10:00:00"), data: { record, from: "correct", to: "missing" } },
      { ...changed, at: at("2026-03-13T10:00:00"), data: { record, from: "missing", to: "correct" } },
    ],
  });
  expect(await cluster()).toMatchObject({
    fixedBy: "domain-owner",
    meaning: expect.stringContaining("The CNAME record mta-sts.one.example was missing on 12 Mar 2026."),
    nextStep: expect.stringContaining("It points to Waxseal now"),
  });
});

test("the logs of another account's time as host say nothing about this one's", async () => {
  const { ctx, host, cluster } = await openHostedDomain("moved.example");
  await ctx.db.handshakeFailure.create({
    data: { policyHost: host, hour: at(`${DAY}T08:00:00`), reason: "no-certificate", failures: 3 },
  });
  await ctx.db.domainClaim.update({
    where: { domain: "moved.example" },
    data: { claimedAt: at(`${DAY}T12:00:00`) },
  });
  expect((await cluster())?.meaning).not.toContain("3 failed");
});
