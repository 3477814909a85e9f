import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import {
  createTestAccount,
  createTestDomain,
  testPolicy,
  testReportJson,
} from "../../../testing/create-test-report.ts";
import { importReports } from "./import-report.ts";
import { reparseQuarantine } from "./reparse-quarantine.ts";

let clockMs = Date.parse("2026-03-15T06:00:00Z");
/** Every message later than the one before, so that their order is known. */
const now = () => new Date(clockMs++);
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database?.drop());

const report = (domain: string, reportId: string) => ({
  fileName: `${reportId}.json`,
  bytes: Buffer.from(testReportJson("2026-03-14", { reportId, policies: [testPolicy(domain)] })),
});
const rubbish = (name: string) => ({ fileName: name, bytes: Buffer.from("{") });

async function quarantined(files: { fileName: string; bytes: Buffer }[]) {
  const ctx = await createTestAccount(database.db, now);
  for (const file of files) await importReports(ctx, [file]);
  return ctx;
}

test("part by part every message is read once, each part says what is left, and the log says once that it was begun", async () => {
  const domain = "parts.example";
  const ctx = await quarantined([
    report(domain, "1"),
    rubbish("2"),
    report(domain, "3"),
    rubbish("4"),
    report(domain, "3"),
  ]);
  await createTestDomain(ctx, domain);
  const first = await reparseQuarantine(ctx, { limit: 2 });
  expect(first).toMatchObject({ read: 2, processed: 1, duplicate: 0, quarantined: 1, remaining: 3 });
  const second = await reparseQuarantine(ctx, { limit: 2, cursor: first.nextCursor ?? "" });
  expect(second).toMatchObject({ read: 2, processed: 1, quarantined: 1, remaining: 1 });
  const third = await reparseQuarantine(ctx, { limit: 2, cursor: second.nextCursor ?? "" });
  expect(third).toEqual({
    read: 1,
    processed: 0,
    duplicate: 1,
    quarantined: 0,
    remaining: 0,
    nextCursor: null,
  });
  const events = await database.db.event.findMany({
    where: { accountId: ctx.accountId, kind: "quarantine.reparsed" },
  });
  expect(events.map(({ data }) => data)).toEqual([{ messages: 5 }]);
});

test("another account's quarantine is not read and not counted", async () => {
  const ctx = await quarantined([rubbish("1")]);
  await quarantined([rubbish("1"), rubbish("2")]);
  expect(await reparseQuarantine(ctx, { limit: 1 })).toMatchObject({
    read: 1,
    remaining: 0,
    nextCursor: null,
  });
});

test("a place that was never given out is refused", async () => {
  const ctx = await quarantined([]);
  await expect(reparseQuarantine(ctx, { limit: 1, cursor: "1 or 1=1" })).rejects.toMatchObject({
    code: "invalid",
  });
  expect(await reparseQuarantine(ctx, { limit: 1 })).toMatchObject({
    read: 0,
    remaining: 0,
    nextCursor: null,
  });
});
