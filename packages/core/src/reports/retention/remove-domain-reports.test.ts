import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import {
  createTestAccount,
  createTestDomain,
  testFailure,
  testPolicy,
  testReportJson,
} from "../../../testing/create-test-report.ts";
import type { Context } from "../../context.ts";
import { listFailureClusters } from "../answers/list-failure-clusters.ts";
import { summarizeSessions } from "../answers/summarize-sessions.ts";
import { importReports } from "../processing/import-report.ts";
import { settleReportDays } from "../totals/settle-report-days.ts";
import { removeDomainReports } from "./remove-domain-reports.ts";

const now = () => new Date("2026-03-15T06:00:00Z");
const RANGE = { from: "2026-02-20", to: "2026-03-15" };
const DAYS = ["2026-02-27", "2026-03-10", "2026-03-11"];

let database: TestDatabase;
let ctx: Context;
let names: string[];
let ids: string[];
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());
beforeEach(async () => {
  ctx = await createTestAccount(database.db, now);
  names = ["a", "b"].map((name) => `${name}.${ctx.accountId}.example`);
  const owners = [];
  for (const name of names) owners.push(await createTestDomain(ctx, name));
  ids = owners.map(({ domainId }) => domainId);
  await importFor(names);
});

/** A report about each domain on each of the days, with failures. */
async function importFor(domains: readonly string[]): Promise<void> {
  const files = domains.flatMap((domain) =>
    DAYS.map((day) => {
      const failureDetails = [testFailure({ failedSessions: 2, receivingMxHost: `mx.${domain}` })];
      const policies = [testPolicy(domain, { failedSessions: 2, failureDetails })];
      return {
        fileName: `${domain} ${day}.json`,
        bytes: Buffer.from(testReportJson(day, { reportId: `${domain} ${day}`, policies })),
      };
    }),
  );
  await importReports(ctx, files);
  await settleReportDays({ db: database.db });
}

async function count() {
  const where = { accountId: ctx.accountId };
  const by = async (domainId: string) => [
    await database.reports.tlsReport.count({ where: { ...where, domainId } }),
    await database.reports.tlsDailySessions.count({ where: { ...where, domainId } }),
    await database.reports.tlsDailyFailures.count({ where: { ...where, domainId } }),
    await database.reports.reportMessage.count({ where: { ...where, domainId } }),
  ];
  return Promise.all(ids.map(by));
}

const remove = (domainId = ids[0] ?? "") =>
  removeDomainReports(database.db, { accountId: ctx.accountId, domainId });

test("messages, reports and daily figures of a deleted domain go, and those of the others stay", async () => {
  expect(await count()).toEqual([
    [3, 3, 3, 3],
    [3, 3, 3, 3],
  ]);
  expect(await remove()).toBe(12);
  expect(await count()).toEqual([
    [0, 0, 0, 0],
    [3, 3, 3, 3],
  ]);
});

test("totals of the account follow, in the month that is over too", async () => {
  await remove();
  await settleReportDays({ db: database.db });
  const { totals, items } = await summarizeSessions(ctx, { ...RANGE, groupBy: "day" });
  expect([totals.reports, totals.failedSessions]).toEqual([3, 6]);
  expect(items.filter(({ reports }) => reports !== 0)).toHaveLength(3);
  const clusters = await listFailureClusters(ctx, RANGE);
  expect(clusters.items.map(({ mxHost, failedSessions }) => [mxHost, failedSessions])).toEqual([
    [`mx.${names[1]}`, 6],
  ]);
});

test("a second run finds nothing more to delete", async () => {
  await remove();
  expect(await remove()).toBe(0);
});

test("figures are deleted even when their reports were deleted first", async () => {
  await database.reports.tlsReport.deleteMany({ where: { accountId: ctx.accountId } });
  await remove();
  expect((await count())[0]).toEqual([0, 0, 0, 0]);
});

test("the same domain id in another account is not touched", async () => {
  const other = await createTestAccount(database.db, now);
  const message = {
    transport: "smtp" as const,
    receivedAt: now(),
    raw: Buffer.from("x"),
    contentSha256: "x",
  };
  await database.reports.reportMessage.create({
    data: { ...message, accountId: other.accountId, id: randomUUID(), domainId: ids[0] ?? null },
  });
  await remove();
  expect(await database.reports.reportMessage.count({ where: { accountId: other.accountId } })).toBe(1);
});
