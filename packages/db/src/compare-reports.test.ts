import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/create-test-database.ts";
import { compareReports } from "./compare-reports.ts";
import { migrateBoth } from "./migrate.ts";
import { REPORT_TABLES } from "./report-tables.ts";

const MESSAGE = {
  accountId: "a",
  transport: "smtp",
  receivedAt: new Date("2026-03-15T06:00:00Z"),
  contentSha256: "x",
  raw: Buffer.from("x"),
} as const;
const ID = "019cf014-7b00-70e9-b5a6-69b9e1c1de13";

let [state, own]: TestDatabase[] = [];
beforeAll(async () => {
  state = await createTestDatabase(inject("templateDatabaseUrl"), { isSplit: false });
  own = await createTestDatabase(inject("templateDatabaseUrl"), { isSplit: false });
});
afterAll(async () => {
  await state?.drop();
  await own?.drop();
});

test("reports that were not moved refuse their own database; moved ones are compared row by row, not only by number", async () => {
  if (!state || !own) throw new Error("no databases");
  const urls = [state.databaseUrl, own.databaseUrl] as const;
  expect(await migrateBoth(...urls)).toEqual([]);
  await state.reports.reportMessage.create({ data: { ...MESSAGE, id: ID } });
  await expect(migrateBoth(...urls)).rejects.toThrow("Move them to REPORTS_DATABASE_URL first");
  await own.reports.reportMessage.create({ data: { ...MESSAGE, id: ID, fileName: "another" } });
  expect(await migrateBoth(...urls)).toEqual([]);

  const compared = await compareReports(...urls);
  expect(compared.map(({ table }) => table)).toEqual([...REPORT_TABLES]);
  expect(compared.filter(({ isSame }) => !isSame)).toEqual([
    { table: "report_message", rows: "1", reportsRows: "1", isSame: false },
  ]);
  await own.reports.reportMessage.updateMany({ data: { fileName: null } });
  expect((await compareReports(...urls)).every(({ isSame }) => isSame)).toBe(true);
});
