import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestAccount, createTestDomain } from "../../../testing/create-test-report.ts";
import { findFetchFaults } from "./find-fetch-faults.ts";

const NOW = new Date("2026-05-10T12:00:00Z");
const now = () => NOW;
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  await database.reports.$executeRaw`select ensure_report_partitions('2026-05-01')::text`;
});
afterAll(() => database.drop());

/** A domain of an account of its own whose senders report that they got no policy yesterday. */
async function createReported(domain: string, failures: { reason: string; network: string } | null) {
  const ctx = await createTestAccount(database.db, now);
  const { accountId, domainId } = await createTestDomain(ctx, domain);
  const { db, reports } = database;
  const claimedAt = new Date("2026-04-01T00:00:00Z");
  await db.domainClaim.create({ data: { domain, accountId, domainId, claimedAt } });
  const record = { accountId, domainId, kind: "policyHost" as const, state: "correct" as const };
  await db.setupRecord.create({ data: record });
  await db.certificate.create({
    data: {
      ...{
        accountId,
        host: `mta-sts.${domain}`,
        chainPem: "",
        keyJwe: "",
        issuer: "",
        fingerprint256: "",
        directoryUrl: "https://ca.example/d",
      },
      ...{
        serial: domain,
        notBefore: claimedAt,
        notAfter: new Date("2026-06-30T00:00:00Z"),
        createdAt: claimedAt,
      },
    },
  });
  const reportDay = new Date("2026-05-09");
  const cause = {
    policyType: "sts",
    resultType: "sts-webpki-invalid",
    sendingMtaIp: "192.0.2.1",
    mxHost: "",
    reasonCode: "",
  };
  await reports.tlsDailyFailures.create({
    data: {
      accountId,
      reportDay,
      domainId,
      reporter: "Google Inc.",
      ...cause,
      failedSessions: 3n,
      countedFailed: 3n,
    },
  });
  if (!failures) return;
  const row = { policyHost: `mta-sts.${domain}`, hour: new Date("2026-05-09T10:00:00Z"), failures: 3 };
  await db.handshakeFailure.create({ data: { ...row, reason: failures.reason } });
  await db.handshakeClient.create({ data: { ...row, ...failures } });
}

test("of senders that got no policy, those are ours that our own log blames on us", async () => {
  await createReported("sender.example", { reason: "tlsv1-alert-unknown-ca", network: "192.0.2.0/24" });
  await createReported("unlogged.example", null);
  expect(await findFetchFaults(database.db, now)).toEqual({ domains: 0, example: "" });
  await createReported("ours.example", { reason: "no-certificate", network: "192.0.2.0/24" });
  expect(await findFetchFaults(database.db, now)).toEqual({ domains: 1, example: "ours.example" });
});
