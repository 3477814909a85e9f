import { gzipSync } from "node:zlib";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import {
  createTestAccount,
  createTestDomain,
  testPolicy,
  testReportJson,
  testReportMail,
} from "../../../testing/create-test-report.ts";
import type { Context } from "../../context.ts";
import { listReports } from "../answers/list-reports.ts";
import { importReport } from "./import-report.ts";

const now = () => new Date("2026-03-15T06:00:00Z");
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

async function startAccount(): Promise<Context> {
  const ctx = await createTestAccount(database.db, now);
  await createTestDomain(ctx, "example.com");
  return ctx;
}

function report(reportId: string): string {
  return testReportJson("2026-03-14", { reportId, policies: [testPolicy("example.com")] });
}

const files: [string, Buffer][] = [
  ["report.json", Buffer.from(report("1"))],
  ["report.json.gz", gzipSync(report("1"))],
  ["report.eml", testReportMail(report("1"))],
  ["without-an-extension", testReportMail(report("1"))],
];

test.each(files)("%s is counted once, and again it is a duplicate", async (fileName, bytes) => {
  const ctx = await startAccount();
  expect(await importReport(ctx, { fileName, bytes })).toEqual({
    state: "processed",
    reason: null,
    detail: null,
    reports: 1,
  });
  expect(await importReport(ctx, { fileName, bytes })).toMatchObject({ state: "duplicate", reports: 0 });
});

test("RFC 4155: every mail of an mbox is read, also where a line was quoted", async () => {
  const ctx = await startAccount();
  const mails = ["1", "2", "2"].map((id) => {
    const mail = testReportMail(report(id)).toString("latin1").replaceAll("\r\n", "\n");
    return `From tls@sender.example Sat Mar 14 00:00:00 2026\n${mail.replace("This is", "From here\nThis is").replaceAll(/^From here/gm, ">From here")}\n`;
  });
  const bytes = Buffer.from(
    `${mails.join("")}From nobody Sat Mar 14 00:00:00 2026\nSubject: hello\n\nhello\n`,
  );
  const imported = await importReport(ctx, { fileName: "reports.mbox", bytes });
  expect(imported).toMatchObject({ state: "quarantined", reason: "no-report", reports: 2 });
  expect(imported.detail).toMatch(/^1 of 4 mails: /);
  const [first] = await database.db.reportMessage.findMany({ where: { accountId: ctx.accountId } });
  expect(Buffer.from(first?.raw ?? []).toString()).toContain("\nFrom here\n");
  expect((await listReports(ctx, { limit: 10 })).items).toHaveLength(2);
});

test("a file name says whom a nameless policy is about", async () => {
  const ctx = await startAccount();
  const bytes = Buffer.from(testReportJson("2026-03-14", { policies: [testPolicy(null)] }));
  const fileName = "exports/sender.example!example.com!1773446400!1773532799.json";
  expect(await importReport(ctx, { fileName, bytes })).toMatchObject({ state: "processed", reports: 1 });
});

test("a report about a domain that the account does not have is kept in quarantine", async () => {
  const ctx = await createTestAccount(database.db, now);
  const bytes = Buffer.from(report("1"));
  expect(await importReport(ctx, { fileName: "1.json", bytes })).toMatchObject({
    state: "quarantined",
    reason: "other-domain",
    reports: 0,
  });
});

test("pages of the list follow each other without gap or overlap", async () => {
  const ctx = await startAccount();
  for (let index = 0; index < 7; index++) {
    await importReport(ctx, { fileName: "a.json", bytes: Buffer.from(report(`${index}`)) });
  }
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listReports(ctx, { limit: 3, cursor });
    seen.push(...page.items.map(({ reportId }) => reportId));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(seen.toSorted()).toEqual(["0", "1", "2", "3", "4", "5", "6"]);
  expect((await listReports(ctx, { limit: 10, source: "Example Sender" })).items).toHaveLength(7);
  expect((await listReports(ctx, { limit: 10, result: "certificate-expired" })).items).toEqual([]);
  await expect(listReports(ctx, { limit: 3, cursor: "rubbish" })).rejects.toMatchObject({ code: "invalid" });
});

test("an mbox of more mails than one transaction holds is one file, and every mail of it is counted or told of", async () => {
  const ctx = await startAccount();
  const mails = Array.from({ length: 1_203 }, (_, index) => {
    const json = index % 100 === 7 ? "{" : report(`mbox-${index % 1_100}`);
    return `From sender@example.net Sun Mar 15 06:00:00 2026\n${testReportMail(json).toString("latin1")}\n`;
  });
  const imported = await importReport(ctx, {
    fileName: "all.mbox",
    bytes: Buffer.from(mails.join("\n"), "latin1"),
  });
  expect(imported).toMatchObject({
    state: "quarantined",
    reports: 1_100 - 11,
    detail: expect.stringMatching(/^12 of 1203 mails: /),
  });
  expect(
    await database.db.reportMessage.groupBy({
      by: ["state"],
      where: { accountId: ctx.accountId },
      _count: true,
      orderBy: { state: "asc" },
    }),
  ).toMatchObject([
    { state: "processed", _count: 1_089 },
    { state: "duplicate", _count: 102 },
    { state: "quarantined", _count: 12 },
  ]);
});
