import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import {
  createTestAccount,
  createTestDomain,
  testPolicy,
  testReportJson,
} from "../../../testing/create-test-report.ts";
import { createContext } from "../../context.ts";
import { summarizeSessions } from "../answers/summarize-sessions.ts";
import { importReports } from "../processing/import-report.ts";
import { expireReports } from "./expire-reports.ts";
import { getRetention } from "./get-retention.ts";
import { setRetention } from "./set-retention.ts";

const now = () => new Date("2026-03-15T06:00:00Z");
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

test("an account that keeps reports shorter loses the older ones with the next run, and no other account does", async () => {
  const [mine, other] = [
    await createTestAccount(database.db, now),
    await createTestAccount(database.db, now),
  ];
  for (const ctx of [mine, other]) {
    await createTestDomain(ctx, "example.com");
    const files = ["2026-01-20", "2026-03-10"].map((day) => ({
      fileName: "r.json",
      bytes: Buffer.from(testReportJson(day, { reportId: day, policies: [testPolicy("example.com")] })),
    }));
    await importReports(ctx, files);
  }
  expect(await getRetention(mine)).toEqual({ rawDays: 90, dailyDays: 400, isDefault: true });
  await setRetention(mine, { rawDays: 7, dailyDays: 30 });
  expect(await getRetention(mine)).toEqual({ rawDays: 7, dailyDays: 30, isDefault: false });
  expect(await getRetention(other)).toMatchObject({ isDefault: true });
  await expireReports({ db: database.db, now });
  const range = { from: "2026-01-01", to: "2026-03-14", groupBy: "day" } as const;
  expect((await summarizeSessions(mine, range)).totals.reports).toBe(1);
  expect((await summarizeSessions(other, range)).totals.reports).toBe(2);
  expect(
    await database.db.event.findFirst({ where: { accountId: mine.accountId, kind: "retention.changed" } }),
  ).toMatchObject({ data: { rawDays: 7, dailyDays: 30, before: { rawDays: 90, dailyDays: 400 } } });
});

test("an editor sees how long reports are kept but does not change it", async () => {
  const { accountId } = await createTestAccount(database.db, now);
  const actor = { kind: "user", id: "u", name: "U" } as const;
  const ctx = createContext({ db: database.db, now }, accountId, actor, "editor");
  expect(await getRetention(ctx)).toMatchObject({ rawDays: 90 });
  await expect(setRetention(ctx, { rawDays: 7, dailyDays: 30 })).rejects.toMatchObject({ code: "forbidden" });
});
