import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import {
  createTestAccount,
  createTestDomain,
  testFailure,
  testPolicy,
  testReportJson,
} from "../../../testing/create-test-report.ts";
import type { Context } from "../../context.ts";
import { receiveReport } from "../arriving/receive-report.ts";
import { importReports } from "../processing/import-report.ts";
import { expireReports } from "./expire-reports.ts";
import { allowDeletions } from "./hold-large-deletions.ts";

const TODAY = "2026-03-15";
let today = TODAY;
const now = () => new Date(`${today}T06:00:00Z`);
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

/** Reports that came on the day after the one they are about. */
async function fill(ctx: Context, reportDays: readonly string[]): Promise<void> {
  await createTestDomain(ctx, "one.example");
  for (const day of reportDays) {
    today = day;
    const figures = { failedSessions: 1, failureDetails: [testFailure()] };
    const json = testReportJson(day, { policies: [testPolicy("one.example", figures)] });
    await importReports(ctx, [{ fileName: "r.json", bytes: Buffer.from(json) }]);
    await importReports(ctx, [{ fileName: "bad.json", bytes: Buffer.from("no report") }]);
  }
  today = TODAY;
}

async function show({ accountId }: Context) {
  const where = { accountId };
  const days = async (rows: Promise<{ reportDay: Date }[]>) =>
    (await rows).map(({ reportDay }) => reportDay.toISOString().slice(0, 10)).toSorted();
  return {
    messages: await database.reports.reportMessage.count({ where }),
    reports: await days(database.reports.tlsReport.findMany({ where, select: { reportDay: true } })),
    sessions: await days(database.reports.tlsDailySessions.findMany({ where, select: { reportDay: true } })),
    failures: await days(database.reports.tlsDailyFailures.findMany({ where, select: { reportDay: true } })),
  };
}

async function listPartitions(month: string): Promise<number> {
  const rows = await database.reports.$queryRaw<{ count: number }[]>`
    select count(*)::int as count from pg_class where relname like ${`tls\\_%\\_${month}`} and relkind = 'r'`;
  return rows[0]?.count ?? 0;
}

test("each account keeps messages and figures as long as it says, by default 90 and 400 days", async () => {
  const reportDays = ["2025-01-08", "2025-02-07", "2025-02-10", "2025-12-14", "2025-12-16", "2026-03-10"];
  const [usual, brief, long] = [
    await createTestAccount(database.db, now),
    await createTestAccount(database.db, now),
    await createTestAccount(database.db, now),
  ];
  for (const ctx of [usual, brief, long]) await fill(ctx, reportDays);
  await database.db.reportRetention.create({
    data: { accountId: brief.accountId, rawDays: 2, dailyDays: 30 },
  });
  await database.db.reportRetention.create({
    data: { accountId: long.accountId, rawDays: 500, dailyDays: 430 },
  });
  for (const { accountId } of [usual, brief, long]) await allowDeletions(database.db, accountId);
  expect(await expireReports({ db: database.db, now })).toMatchObject({
    messages: 8 + 12,
    accounts: 3,
    droppedPartitions: [],
  });
  const kept = async (ctx: Context) => {
    const { messages, reports, sessions, failures } = await show(ctx);
    expect([sessions, failures]).toEqual([reports, reports]);
    return { messages, reports };
  };
  expect(await kept(usual)).toEqual({ messages: 4, reports: reportDays.slice(2) });
  expect(await kept(brief)).toEqual({ messages: 0, reports: reportDays.slice(5) });
  expect(await kept(long)).toEqual({ messages: 12, reports: reportDays.slice(1) });
  expect(await expireReports({ db: database.db, now })).toMatchObject({ messages: 0, accounts: 0 });

  await database.db.reportRetention.deleteMany();
  expect(await listPartitions("202501")).toBe(3);
  const { droppedPartitions } = await expireReports({ db: database.db, now });
  expect(droppedPartitions).toEqual([
    "tls_daily_failures_202501",
    "tls_daily_sessions_202501",
    "tls_report_202501",
  ]);
  expect(await listPartitions("202501")).toBe(0);
  expect((await show(usual)).reports).toEqual(reportDays.slice(2));
}, 30_000);

test("a month with reports of an account that waits stays, months without them are dropped", async () => {
  const account = await createTestAccount(database.db, now);
  await fill(account, ["2024-03-05", "2026-03-10"]);
  await database.reports.$queryRaw`select ensure_report_partitions('2024-02-01'::date)::text`;
  const { droppedPartitions, held } = await expireReports({ db: database.db, now });
  expect(held).toContainEqual({ accountId: account.accountId, kind: "reports", due: 1, total: 2 });
  expect(droppedPartitions).toContain("tls_report_202402");
  expect(await listPartitions("202402")).toBe(0);
  expect((await show(account)).reports).toEqual(["2024-03-05", "2026-03-10"]);
  await allowDeletions(database.db, account.accountId);
  await expireReports({ db: database.db, now });
  expect(await listPartitions("202403")).toBe(0);
});

test("the partitions of this month and the next are made ahead, also over the end of a year", async () => {
  today = "2031-12-31";
  await expireReports({ db: database.db, now });
  today = TODAY;
  expect([
    await listPartitions("203112"),
    await listPartitions("203201"),
    await listPartitions("203202"),
  ]).toEqual([3, 3, 0]);
});

test("a message that waits to be understood stays, however old it is", async () => {
  const ctx = await createTestAccount(database.db, now);
  const owner = await createTestDomain(ctx, "one.example");
  const raw = Buffer.from("{");
  const unknown = { remoteAddress: null, envelopeFrom: null, contentType: null };
  const receivedAt = new Date("2020-01-01T00:00:00Z");
  await receiveReport(database.db, { owners: [owner], transport: "https", raw, receivedAt, ...unknown });
  await expireReports({ db: database.db, now });
  expect((await show(ctx)).messages).toBe(1);
});
