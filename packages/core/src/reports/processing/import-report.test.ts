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
import { createTestZip } from "../../../testing/create-test-zip.ts";
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
    found: 1,
    reports: 1,
    duplicates: 0,
    notUsedCount: 0,
    notUsed: [],
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
    `${mails.join("")}From daemon Sat Mar 14 00:00:00 2026\nSubject: hello\n\nhello\n`,
  );
  const imported = await importReport(ctx, { fileName: "reports.mbox", bytes });
  expect(imported).toMatchObject({ state: "quarantined", reason: "ordinary-mail", reports: 2 });
  expect(imported.detail).toMatch(/^1 of 4 parts not used. mail 4: /);
  const [first] = await database.reports.reportMessage.findMany({ where: { accountId: ctx.accountId } });
  expect(Buffer.from(first?.raw ?? []).toString()).toContain("\nFrom here\n");
  expect((await listReports(ctx, { limit: 10 })).items).toHaveLength(2);
});

const lines = (...texts: string[]) => Buffer.from(texts.join("\n"));
const mbox = (ids: string[]) =>
  Buffer.from(
    ids
      .map(
        (id) =>
          `From tls@sender.example Sat Mar 14 00:00:00 2026\r\n${testReportMail(report(id)).toString("latin1")}`,
      )
      .join("")
      .replaceAll("--\r\n\r\n", "--\r\n"),
    "latin1",
  );
const appleMail = (mail: Buffer) =>
  Buffer.concat([
    Buffer.from(`${mail.length}      \n`),
    mail,
    Buffer.from('<?xml version="1.0"?>\n<plist></plist>\n'),
  ]);
const zipOf = (...ids: string[]) =>
  createTestZip(ids.map((id) => ({ name: `${id}.eml`, bytes: testReportMail(report(id)) })));

const archives: [string, Buffer, number][] = [
  ["JSON lines", lines(report("1"), report("2"), report("3"), ""), 3],
  ["a list of reports", lines("[", `${report("1")},`, report("2"), "]"), 2],
  ["JSON lines, compressed", gzipSync(lines(report("1"), report("2"))), 2],
  ["an mbox without empty lines between its mails", mbox(["1", "2", "3"]), 3],
  ["an mbox, compressed", gzipSync(mbox(["1", "2"])), 2],
  ["a mail, compressed", gzipSync(testReportMail(report("1"))), 1],
  ["a zip of mails", zipOf("1", "2", "3"), 3],
  [
    "a zip of more mails than are read of one message",
    zipOf(...Array.from({ length: 210 }, (_, n) => `${n}`)),
    210,
  ],
  [
    "a zip of a zip and an mbox",
    createTestZip([
      { name: "a.zip", bytes: zipOf("1", "2") },
      { name: "b.mbox", bytes: mbox(["3", "4"]) },
    ]),
    4,
  ],
  ["a mail in UTF-16", Buffer.from(`\ufeff${testReportMail(report("1")).toString("latin1")}`, "utf16le"), 1],
  ["a mail with a byte order mark", Buffer.concat([Buffer.from("\ufeff"), testReportMail(report("1"))]), 1],
  ["an mbox in UTF-16", Buffer.from(`\ufeff${mbox(["1", "2"]).toString("latin1")}`, "utf16le").swap16(), 2],
  ["an mbox with a byte order mark", Buffer.concat([Buffer.from("\ufeff"), mbox(["1", "2"])]), 2],
  ["a mail as Apple Mail keeps it", appleMail(testReportMail(report("1"))), 1],
  ["UTF-16 with a byte order mark", Buffer.from(`\ufeff${report("1")}`, "utf16le"), 1],
];

test.each(archives)("all of an archive is counted: %s", async (_name, bytes, count) => {
  const ctx = await startAccount();
  const expected = { found: count, notUsedCount: 0 };
  expect(await importReport(ctx, { fileName: "archive", bytes })).toMatchObject({
    ...expected,
    reports: count,
    duplicates: 0,
  });
  expect(await importReport(ctx, { fileName: "archive", bytes })).toMatchObject({
    ...expected,
    reports: 0,
    duplicates: count,
  });
});

test("no part of a file is omitted silently: each unused item is named with its place and reason", async () => {
  const ctx = await startAccount();
  const bytes = gzipSync(
    lines(
      report("1"),
      report("2").slice(0, 90),
      "-- written by hand --",
      report("1"),
      `${report("3").slice(0, -1)},}`,
    ),
  );
  const imported = await importReport(ctx, {
    fileName: "all.jsonl.gz",
    bytes: Buffer.concat([bytes, Buffer.from("the end")]),
  });
  expect(imported).toMatchObject({
    state: "quarantined",
    found: 5,
    reports: 1,
    duplicates: 1,
    notUsedCount: 3,
  });
  expect(imported.notUsed.map(({ place, reason }) => [place, reason])).toEqual([
    ["line 2", "not-json"],
    ["line 5", "not-json"],
    ["behind the compressed data", "not-json"],
  ]);
  const kept = await database.reports.reportMessage.findMany({ where: { accountId: ctx.accountId } });
  expect(kept.map(({ raw }) => Buffer.from(raw).toString())).toContain("the end");
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

test("an mbox of more mails than one transaction holds is one file, and every mail of it is counted or listed", async () => {
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
    detail: expect.stringMatching(/^12 of 1203 parts not used\. mail /),
  });
  expect(
    await database.reports.reportMessage.groupBy({
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
