import { gzipSync } from "node:zlib";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import {
  createTestAccount,
  createTestDomain,
  testFailure,
  testPolicy,
  testReportJson,
  testReportMail,
} from "../../../testing/create-test-report.ts";
import { listQuarantine } from "../answers/list-quarantine.ts";
import { listReports } from "../answers/list-reports.ts";
import { summarizeSessions } from "../answers/summarize-sessions.ts";
import type { TokenOwner } from "../arriving/find-token-owners.ts";
import { receiveReport } from "../arriving/receive-report.ts";
import { processReportMessages } from "./process-report-messages.ts";

const DAY = "2026-03-14";
const now = () => new Date("2026-03-15T06:00:00Z");
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

async function noKeys(): Promise<never> {
  throw Object.assign(new Error("no DNS"), { code: "ETIMEOUT" });
}

async function receive(owner: TokenOwner, raw: Buffer | string, transport: "smtp" | "https" = "https") {
  await receiveReport(database.db, {
    owners: [owner],
    transport,
    raw: Buffer.from(raw),
    remoteAddress: "192.0.2.9",
    envelopeFrom: "tls@sender.example",
    contentType: null,
    receivedAt: now(),
  });
}

function processAll() {
  return processReportMessages({ db: database.db, now, lookUpKey: noKeys }, { batchSize: 50 });
}

async function startAccount(domain = "example.com") {
  const ctx = await createTestAccount(database.db, now);
  const owner = await createTestDomain(ctx, domain);
  const summarize = (groupBy: "day" | "result" | "source" | "mx" | "policy") =>
    summarizeSessions(ctx, { groupBy });
  return { ctx, owner, summarize };
}

test("a report that came by mail and by HTTPS counts once, whichever is understood first", async () => {
  const { ctx, owner, summarize } = await startAccount();
  const json = testReportJson(DAY, { policies: [testPolicy("example.com", { successfulSessions: 7 })] });
  await receive(owner, testReportMail(json), "smtp");
  await receive(owner, gzipSync(json), "https");
  const { stored } = await processAll();
  expect(stored.map(({ state }) => state).toSorted()).toEqual(["duplicate", "processed"]);
  await receive(owner, json, "https");
  expect((await processAll()).stored).toMatchObject([{ state: "duplicate", reports: 0 }]);
  expect((await summarize("day")).totals).toMatchObject({ reports: 1, successfulSessions: 7 });
  expect((await listReports(ctx, { limit: 50 })).items).toHaveLength(1);
});

test("a copy with the same identity and other figures is kept, flagged and not counted", async () => {
  const { ctx, owner, summarize } = await startAccount();
  const report = (successfulSessions: number) =>
    testReportJson(DAY, { policies: [testPolicy("example.com", { successfulSessions })] });
  await receive(owner, report(5));
  await processAll();
  await receive(owner, report(500));
  await processAll();
  expect((await summarize("day")).totals).toMatchObject({ reports: 1, successfulSessions: 5 });
  expect((await listQuarantine(ctx, { limit: 50 })).items).toMatchObject([{ reason: "changed-copy" }]);
});

test("RFC 8460 §4.4: sessions that Microsoft reports under sts and tlsa count once", async () => {
  const { owner, summarize } = await startAccount();
  const failureDetails = [testFailure({ failedSessions: 2 })];
  const figures = { successfulSessions: 8, failedSessions: 2, failureDetails };
  await receive(
    owner,
    testReportJson(DAY, {
      policies: [
        testPolicy("example.com", figures),
        testPolicy("example.com", { ...figures, policyType: "tlsa" }),
      ],
    }),
  );
  await processAll();
  const byResult = await summarize("result");
  expect(byResult.totals).toMatchObject({ reports: 1, successfulSessions: 8, failedSessions: 2 });
  expect(
    byResult.items.map(({ key, successfulSessions, failedSessions }) => [
      key,
      successfulSessions,
      failedSessions,
    ]),
  ).toEqual([
    ["successful", 8, 0],
    ["certificate-expired", 0, 2],
  ]);
  const byPolicy = await summarize("policy");
  expect(byPolicy.items.map(({ key, failedSessions }) => [key, failedSessions])).toEqual([
    ["sts", 2],
    ["tlsa", 2],
  ]);
});

test("a report about two tenants' domains shows each only what is the account's own", async () => {
  const mine = await startAccount("mine.example");
  const theirs = await startAccount("theirs.example");
  await receive(
    mine.owner,
    testReportJson(DAY, {
      policies: [
        testPolicy("mine.example", { successfulSessions: 3 }),
        testPolicy("theirs.example", { successfulSessions: 99 }),
      ],
    }),
  );
  await processAll();
  expect((await mine.summarize("day")).totals).toMatchObject({ reports: 1, successfulSessions: 3 });
  expect((await theirs.summarize("day")).totals).toMatchObject({ reports: 0, successfulSessions: 0 });
  const { items } = await listQuarantine(mine.ctx, { limit: 50 });
  expect(items).toMatchObject([{ reason: "other-domain" }]);
  expect(JSON.stringify(items)).not.toContain("theirs.example");
});

test("a report about another domain of the same account counts there", async () => {
  const { ctx, owner } = await startAccount("first.example");
  const second = await createTestDomain(ctx, "second.example");
  await receive(owner, testReportJson(DAY, { policies: [testPolicy("second.example")] }));
  await processAll();
  const { items } = await listReports(ctx, { limit: 50, domainId: second.domainId });
  expect(items).toMatchObject([{ domain: "second.example", reportDay: DAY }]);
});

test("messages of more than 32 MB together are not in memory at once: the later ones wait for the next batch", async () => {
  const { ctx, owner } = await startAccount("large.example");
  await receive(owner, "one");
  await receive(owner, "another");
  await database.reports.$executeRaw`
    update report_message set raw = convert_to(repeat('x', 17 * 1024 * 1024), 'UTF8') where account_id = ${ctx.accountId}`;
  const { stored } = await processAll();
  expect(stored.map(({ state }) => state)).toEqual(["quarantined"]);
  expect((await processAll()).stored).toHaveLength(1);
  expect((await processAll()).stored).toEqual([]);
});
