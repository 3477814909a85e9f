import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import {
  createTestAccount,
  createTestDomain,
  testPolicy,
  testReportJson,
} from "@waxseal/core/reports/testing";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { runCli } from "./run-cli.ts";

let database: TestDatabase;
let folder: string;
let accountId: string;

beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  folder = await mkdtemp(join(tmpdir(), "waxseal-cli-import-"));
  const ctx = await createTestAccount(database.db, () => new Date());
  await createTestDomain(ctx, "example.com");
  accountId = ctx.accountId;
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

function environment() {
  const { databaseUrl, reportsDatabaseUrl } = database;
  return {
    DATABASE_URL: databaseUrl,
    REPORTS_DATABASE_URL: reportsDatabaseUrl,
    DNS_RESOLVERS: "127.0.0.1:1",
  };
}

async function importFolder(name: string, ...options: string[]) {
  const printed = { out: "", err: "", bar: "" };
  const progress = Object.assign(new PassThrough(), { isTTY: true, columns: 80, cursorTo: () => true });
  progress.on("data", (chunk: Buffer) => {
    printed.bar += chunk.toString();
  });
  const status = await runCli(["report", "import", name, "--account", accountId, ...options], {
    env: environment(),
    cwd: folder,
    now: () => new Date(),
    stdin: (async function* () {})(),
    writeOut: (text) => {
      printed.out += text;
    },
    writeErr: (text) => {
      printed.err += text;
    },
    progress,
  });
  return { status, ...printed };
}

async function writeReports(name: string, reports: Record<string, string>): Promise<void> {
  await mkdir(join(folder, name));
  for (const [file, text] of Object.entries(reports)) await writeFile(join(folder, name, file), text);
}

const report = (reportId: string) =>
  testReportJson("2026-03-14", { reportId, policies: [testPolicy("example.com")] });

test("an import draws a bar, accounts for every report and ends with status 1 when one was not used; with --json there is no bar", async () => {
  await writeReports("some", { "a.json": report("r1"), "b.json": report("r1"), "c.json": "{" });
  const first = await importFolder("some");
  expect(first).toMatchObject({ status: 1, err: "" });
  expect(first.bar).toMatch(/3 of 3 files|0 of 3 files/);
  expect(first.out).toContain(
    "some/a.json: 1 report found, 1 counted, 0 counted before\nsome/b.json: 1 report found, 0 counted, 1 counted before\nsome/c.json: 1 report found, 0 counted, 0 counted before; 1 in quarantine:\n  The report is not valid JSON: the text ends in the middle",
  );
  expect(first.out).toMatch(/\n3 files: 3 reports found, 1 counted, 1 counted before; 1 in quarantine\n$/);
  const asJson = await importFolder("some", "--json");
  expect(asJson).toMatchObject({ status: 1, bar: "" });
  expect(JSON.parse(asJson.out)).toHaveLength(3);
});

test("an import of which all was used, or counted before, ends with status 0", async () => {
  await writeReports("sound", { "a.jsonl": `${report("s1")}\n${report("s2")}\n` });
  for (const counted of [2, 0]) {
    const { status, out } = await importFolder("sound");
    expect([status, out]).toEqual([
      0,
      expect.stringContaining(`2 reports found, ${counted} counted, ${2 - counted} counted before`),
    ]);
  }
});

test("what cannot be stored makes the status 1, and the others are stored all the same", async () => {
  await writeReports("partly", { "a.json": report("p1"), "z.json": report("p2") });
  await writeFile(join(folder, "partly", "m.json"), report("refused by the database"));
  await database.reports.$executeRawUnsafe(`create function refuse() returns trigger language plpgsql as
    $$ begin if new.file_name like '%m.json' then raise exception 'no space left' using errcode = '53100'; end if; return new; end $$`);
  await database.reports.$executeRawUnsafe(
    "create trigger refuse before insert on report_message for each row execute function refuse()",
  );
  const { status, out } = await importFolder("partly", "--json");
  expect(status).toBe(1);
  expect(JSON.parse(out)).toMatchObject([
    { file: "partly/a.json", state: "processed", reports: 1 },
    { file: "partly/m.json", state: "failed", detail: expect.stringContaining("no space left") },
    { file: "partly/z.json", state: "processed", reports: 1 },
  ]);
});

test("a dangling link in a folder is named and the others are imported; a name that does not exist refuses all", async () => {
  await writeReports("broken", { "a.json": report("b1") });
  await symlink("nowhere", join(folder, "broken", "b.json"));
  const { status, out } = await importFolder("broken", "--json");
  expect([status, JSON.parse(out)]).toMatchObject([1, [{ state: "processed" }, { state: "failed" }]]);
  const missing = await importFolder("none", "--json");
  expect([missing.status, JSON.parse(missing.out).code]).toEqual([1, "invalid"]);
});

test("the whole quarantine is read again by one command, of this account only, and what is understood now counts once", async () => {
  const late = testReportJson("2026-03-14", { reportId: "l1", policies: [testPolicy("late.example")] });
  const ctx = await createTestAccount(database.db, () => new Date());
  const other = await createTestAccount(database.db, () => new Date());
  await writeReports("late", { "a.json": late, "b.json": late, "c.json": "{" });
  for (const { accountId: account } of [ctx, other]) await importFolder("late", "--account", account);
  await createTestDomain(ctx, "late.example");
  await createTestDomain(other, "late.example");
  const again = await runReparse(ctx.accountId);
  expect(again).toEqual({ read: 3, processed: 1, duplicate: 1, quarantined: 1 });
  expect(await runReparse(ctx.accountId)).toEqual({ read: 1, processed: 0, duplicate: 0, quarantined: 1 });
  expect(await database.reports.tlsReport.count({ where: { reportId: "l1" } })).toBe(1);
});

async function runReparse(account: string) {
  let out = "";
  await runCli(["report", "reparse", "--account", account, "--json"], {
    env: environment(),
    cwd: folder,
    now: () => new Date(),
    stdin: (async function* () {})(),
    writeOut: (text) => {
      out += text;
    },
    writeErr: () => undefined,
  });
  return JSON.parse(out);
}
