import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import {
  createTestAccount,
  createTestDomain,
  testPolicy,
  testReportJson,
} from "../../../testing/create-test-report.ts";
import type { Context } from "../../context.ts";
import { listConditions } from "../../operating/operator-condition.ts";
import { importReports } from "../processing/import-report.ts";
import { expireReports } from "./expire-reports.ts";
import { allowDeletions, listHeldDeletions, tellHeldDeletions } from "./hold-large-deletions.ts";
import { setRetention } from "./set-retention.ts";

const now = () => new Date();
const dayOf = (daysAgo: number) => new Date(now().getTime() - daysAgo * DAY_MS).toISOString().slice(0, 10);
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

/** An account with one report about each of these days, which arrived on that day. */
async function createFilledAccount(daysAgo: readonly number[]): Promise<Context> {
  const ctx = await createTestAccount(database.db, now);
  await createTestDomain(ctx, "one.example");
  for (const days of daysAgo) {
    const then = { ...ctx, now: () => new Date(now().getTime() - days * DAY_MS) };
    const bytes = Buffer.from(testReportJson(dayOf(days), { policies: [testPolicy("one.example")] }));
    await importReports(then, [{ fileName: "r.json", bytes }]);
  }
  return ctx;
}

async function count({ accountId }: Context) {
  const where = { accountId };
  return {
    messages: await database.reports.reportMessage.count({ where }),
    reports: await database.reports.tlsReport.count({ where }),
  };
}

test("a worker whose clock is 450 days ahead deletes nothing that the database's clock keeps", async () => {
  const ctx = await createFilledAccount([0, 1, 2, 3, 30, 60]);
  const ahead = () => new Date(now().getTime() + 450 * DAY_MS);
  expect(await expireReports({ db: database.db, now: ahead })).toMatchObject({
    messages: 0,
    accounts: 0,
    held: [],
  });
  expect(await count(ctx)).toEqual({ messages: 6, reports: 6 });
});

test("more than a tenth of an account's reports waits for the operator; other accounts are not held up", async () => {
  const held = await createFilledAccount([0, 1, 2, 3, 4, 200, 201, 500, 510]);
  const usual = await createFilledAccount([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 91]);
  const { held: found } = await expireReports({ db: database.db, now });
  expect(found.filter(({ accountId }) => accountId === held.accountId)).toEqual([
    { accountId: held.accountId, kind: "messages", due: 4, total: 9 },
    { accountId: held.accountId, kind: "reports", due: 2, total: 9 },
  ]);
  expect([await count(held), await count(usual)]).toEqual([
    { messages: 9, reports: 9 },
    { messages: 10, reports: 11 },
  ]);
  await tellHeldDeletions(database.db, found);
  expect(await listConditions(database.db)).toMatchObject([
    { code: "deletion-held", detail: { accounts: 1, rows: 6 } },
  ]);
  expect(await listHeldDeletions(database.db)).toMatchObject([{ due: 4 }, { due: 2 }]);

  await allowDeletions(database.db, held.accountId);
  expect(await listHeldDeletions(database.db)).toEqual([]);
  const after = await expireReports({ db: database.db, now });
  expect(after.held).toEqual([]);
  expect(await count(held)).toEqual({ messages: 5, reports: 7 });
  await tellHeldDeletions(database.db, after.held);
  expect(await listConditions(database.db)).toEqual([]);
});

test("a shorter retention that the owner chose deletes without the operator", async () => {
  const ctx = await createFilledAccount([0, 1, 20, 40, 60, 80]);
  await setRetention(ctx, { rawDays: 7, dailyDays: 30 });
  expect((await expireReports({ db: database.db, now })).held).toEqual([]);
  expect(await count(ctx)).toEqual({ messages: 2, reports: 3 });
});

test("the deletions of an ordinary day run, even if they exceed a tenth", async () => {
  const ctx = await createFilledAccount([0, 1, 2, 3, 4, 5, 6, 7.5]);
  await database.db.reportRetention.create({ data: { accountId: ctx.accountId, rawDays: 7, dailyDays: 30 } });
  expect((await expireReports({ db: database.db, now })).held).toEqual([]);
  expect(await count(ctx)).toEqual({ messages: 7, reports: 8 });
});
