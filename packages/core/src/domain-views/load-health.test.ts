import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import {
  createTestAccount,
  createTestDomain,
  testFailure,
  testPolicy,
} from "../../testing/create-test-report.ts";
import { loadDomainFacts } from "./load-domain-facts.ts";
import { loadHealth } from "./load-health.ts";

const NOW = new Date("2026-03-15T12:00:00Z");
const PROVEN_DAY = new Date("2026-03-14T00:00:00Z");

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

test.each([
  ["aligned", "mail-failing"],
  ["signed", "good"],
  ["unsigned", "good"],
] as const)("a report of failures that is %s makes the health %s", async (trust, state) => {
  const ctx = await createTestAccount(database.db, () => NOW);
  const { accountId, domainId } = await createTestDomain(ctx, `${trust}.example`);
  const mxHost = `mx.${trust}.example`;
  await database.db.domain.update({
    where: { accountId_id: { accountId, id: domainId } },
    data: { status: "active", servedVersion: 1, mxCheckedAt: NOW },
  });
  await database.db.policyVersion.create({
    data: {
      accountId,
      domainId,
      version: 1,
      policyId: "1",
      mode: "testing",
      mx: [mxHost],
      maxAgeSeconds: 86_400,
      state: "live",
      createdAt: NOW,
      createdBy: "test",
    },
  });
  const failure = testFailure({ receivingMxHost: mxHost, failedSessions: 20 });
  const policy = testPolicy(`${trust}.example`, {
    failedSessions: 20,
    failureDetails: [failure],
    mxHostPatterns: [mxHost],
  });
  await database.db.$executeRaw`select ensure_report_partitions('2026-03-01')::text`;
  await database.db.tlsReport.create({
    data: {
      accountId,
      domainId,
      messageId: randomUUID(),
      reportDay: PROVEN_DAY,
      startAt: PROVEN_DAY,
      endAt: NOW,
      receivedAt: NOW,
      reporter: "Google Inc.",
      reportId: randomUUID(),
      identity: randomUUID(),
      successfulSessions: 10,
      failedSessions: 20,
      resultTypes: ["certificate-expired"],
      trust,
      transport: "smtp",
      quirks: [],
      policies: JSON.parse(JSON.stringify([policy])),
    },
  });
  const rows = await database.db.domain.findMany({ where: { accountId } });
  const facts = await loadDomainFacts(database.db, accountId, rows);
  expect((await loadHealth(database.db, accountId, facts, NOW)).get(domainId)).toMatchObject({ state });
});
