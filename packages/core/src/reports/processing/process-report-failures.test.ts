import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import {
  createTestAccount,
  createTestDomain,
  testPolicy,
  testReportJson,
  testReportMail,
} from "../../../testing/create-test-report.ts";
import type { Context } from "../../context.ts";
import { getQuarantinedRaw } from "../answers/get-quarantined-raw.ts";
import { getReportRaw } from "../answers/get-report-raw.ts";
import { listQuarantine } from "../answers/list-quarantine.ts";
import { listReports } from "../answers/list-reports.ts";
import { summarizeSessions } from "../answers/summarize-sessions.ts";
import type { TokenOwner } from "../arriving/find-token-owners.ts";
import { receiveReport } from "../arriving/receive-report.ts";
import { processReportMessages } from "./process-report-messages.ts";
import { reparseMessage } from "./reparse-message.ts";

const DAY = "2026-03-14";
let clockMs = 0;
const now = () => new Date(clockMs);
let database: TestDatabase;
let ctx: Context;
let owner: TokenOwner;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());
beforeEach(async () => {
  clockMs = Date.parse("2026-03-15T06:00:00Z");
  ctx = await createTestAccount(database.db, now);
  owner = await createTestDomain(ctx, `${ctx.accountId}.example`);
});

function report(reportId: string, day = DAY): string {
  return testReportJson(day, { reportId, policies: [testPolicy(owner.domain, { successfulSessions: 2 })] });
}

function receive(raw: Buffer | string) {
  return receiveReport(database.db, {
    owners: [owner],
    transport: "smtp",
    raw: Buffer.from(raw),
    remoteAddress: null,
    envelopeFrom: null,
    contentType: null,
    receivedAt: now(),
  });
}

const lookUpKey = async () => [];
const process = (batchSize = 50) => processReportMessages({ db: database.db, now, lookUpKey }, { batchSize });
const totals = async () => (await summarizeSessions(ctx, { groupBy: "day" })).totals;
const quarantine = async () => (await listQuarantine(ctx, { limit: 50 })).items;

/** A database that refuses one report, as a bug of ours or a broken index would. */
async function refuseReport(reportId: string): Promise<() => Promise<unknown>> {
  await database.reports.$executeRawUnsafe(`
    create or replace function refuse_report() returns trigger language plpgsql as
    $$ begin if new.report_id = '${reportId}' then raise exception 'refused'; end if; return new; end $$`);
  await database.reports.$executeRaw`select ensure_report_partitions(${DAY}::date)`;
  await database.reports
    .$executeRaw`create trigger refuse before insert on tls_report for each row execute function refuse_report()`;
  return () => database.reports.$executeRaw`drop trigger refuse on tls_report`;
}

test("a message that cannot be processed does not hold up the others, is tried again and in the end kept in quarantine", async () => {
  const accept = await refuseReport("poison");
  const [poison] = await receive(report("poison"));
  await receive(report("fine"));
  expect(await process()).toMatchObject({ failed: 1, stored: [{ state: "processed" }] });
  expect(await totals()).toMatchObject({ reports: 1 });
  expect(await process()).toMatchObject({ failed: 0, stored: [] });
  for (let attempt = 2; attempt <= 8; attempt++) {
    clockMs += 2 ** attempt * 1_000;
    expect(await process()).toMatchObject({ failed: 1 });
  }
  expect(await quarantine()).toMatchObject([{ id: poison, reason: "processing-failed" }]);
  await accept();
  expect(await reparseMessage(ctx, { messageId: poison ?? "" })).toMatchObject({
    state: "processed",
    reason: null,
  });
  expect(await totals()).toMatchObject({ reports: 2, successfulSessions: 4 });
  expect(await quarantine()).toEqual([]);
});

test("several processes at once take every message once and count every report once", async () => {
  const ids = Array.from({ length: 60 }, (_, index) => `parallel-${index % 40}`);
  for (const id of ids) await receive(report(id));
  const counted: number[] = [];
  const runner = async () => {
    for (let stored = -1; stored !== 0; ) {
      const batch = await process(7);
      stored = batch.stored.length;
      counted.push(...batch.stored.map(({ reports }) => reports));
    }
  };
  await Promise.all([runner(), runner(), runner(), runner()]);
  expect(counted).toHaveLength(60);
  expect(await totals()).toMatchObject({ reports: 40, successfulSessions: 80 });
});

test("reports weeks late land on their own day; days that cannot be true do not count", async () => {
  await receive(report("late", "2026-02-20"));
  await receive(report("too-old", "2025-01-01"));
  await receive(report("future", "2026-03-20"));
  await process();
  const { items } = await listReports(ctx, { limit: 10 });
  expect(items.map(({ reportId, reportDay }) => [reportId, reportDay])).toEqual([["late", "2026-02-20"]]);
  expect((await quarantine()).map(({ reason }) => reason)).toEqual(["bad-dates", "bad-dates"]);
});

test("RFC 8460 §4.4: a policy without a domain is about the domain that the header, or else the address, names", async () => {
  const second = await createTestDomain(ctx, `second.${owner.domain}`);
  const nameless = (reportId: string) =>
    testReportJson(DAY, { reportId, policies: [testPolicy(null, { policyType: "no-policy-found" })] });
  await receive(testReportMail(nameless("by-token")));
  await receive(testReportMail(nameless("by-header"), [`TLS-Report-Domain: ${second.domain}`]));
  await process();
  const { items } = await listReports(ctx, { limit: 10 });
  expect(Object.fromEntries(items.map((item) => [item.reportId, item.domain]))).toEqual({
    "by-token": owner.domain,
    "by-header": second.domain,
  });
});

test("RFC 8460 §1.1: a tlsa policy named for an MX host of the domain is about the domain", async () => {
  const policies = [testPolicy(`mx.${owner.domain}`, { policyType: "tlsa", successfulSessions: 6 })];
  await receive(testReportJson(DAY, { policies }));
  await process();
  expect(await totals()).toMatchObject({ reports: 1, successfulSessions: 6 });
});

test("a message with another tenant's figures in it never shows them, raw or listed", async () => {
  const other = await createTestAccount(database.db, now);
  const secret = await createTestDomain(other, `secret-${other.accountId}.example`);
  await receive(
    testReportJson(DAY, {
      policies: [testPolicy(owner.domain), testPolicy(secret.domain, { successfulSessions: 4_711 })],
    }),
  );
  await process();
  const [quarantined] = await quarantine();
  const messageId = quarantined?.id ?? "";
  await expect(getQuarantinedRaw(ctx, { messageId })).rejects.toMatchObject({ code: "forbidden" });
  const { items } = await listReports(ctx, { limit: 10 });
  const raw = await getReportRaw(ctx, { reportId: items[0]?.id ?? "" });
  expect(raw.bytes.toString()).toContain(owner.domain);
  expect(`${JSON.stringify([quarantined, items])}${raw.bytes}`).not.toMatch(/secret-|4711/);
});

test("a domain that no account has is treated like one that another account has: not named, its bytes not shown", async () => {
  await receive(testReportJson(DAY, { policies: [testPolicy("forgotten.example")] }));
  await process();
  const [quarantined] = await quarantine();
  expect(quarantined).toMatchObject({
    reason: "other-domain",
    detail: `It came to the report address of ${owner.domain} and is about a domain that is not in this account.`,
  });
  expect(quarantined?.nextStep).toContain(`the report address of ${owner.domain}`);
  await expect(getQuarantinedRaw(ctx, { messageId: quarantined?.id ?? "" })).rejects.toMatchObject({
    code: "forbidden",
  });
});

test("another account's message answers exactly like a missing one", async () => {
  const [messageId = ""] = await receive("rubbish");
  await process();
  const other = await createTestAccount(database.db, now);
  for (const ask of [getQuarantinedRaw, reparseMessage]) {
    await expect(ask(other, { messageId })).rejects.toMatchObject({ code: "not_found" });
  }
  expect((await listQuarantine(other, { limit: 50 })).items).toEqual([]);
});

test("the timeline has the first report of a domain, and of quarantine once an hour", async () => {
  await receive(report("first"));
  await receive(report("second"));
  await receive("rubbish");
  await receive("more rubbish");
  await process();
  await receive("rubbish again");
  await process(1);
  const events = await database.db.event.findMany({
    where: { accountId: ctx.accountId },
    orderBy: { kind: "asc" },
  });
  expect(events.map(({ kind, domainId }) => [kind, domainId])).toEqual([
    ["report.quarantined", owner.domainId],
    ["report.received", owner.domainId],
  ]);
});

test("figures too large for a table are stored as the largest that fits, and the day can still be added to", async () => {
  for (let index = 0; index < 3; index++) {
    const huge = { successfulSessions: Number.MAX_SAFE_INTEGER, failedSessions: Number.MAX_SAFE_INTEGER };
    await receive(
      testReportJson(DAY, { reportId: `huge-${index}`, policies: [testPolicy(owner.domain, huge)] }),
    );
  }
  expect((await process()).stored.map(({ state }) => state)).toEqual(["processed", "processed", "processed"]);
  expect((await totals()).failedSessions).toBe(3_000_000_000_000);
});

test("half a surrogate pair and control characters in a report do not keep it from being stored", async () => {
  const json = report("odd").replace("Example Sender", "Example \\ud83d Sender \\u0000");
  await receive(json);
  expect((await process()).stored).toMatchObject([{ state: "processed" }]);
});
