import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestAccount, createTestDomain } from "../../../testing/create-test-report.ts";

const ROWS = 16_000;
const ROW_BYTES = 1_000;
const MB = 1_000_000;
/** What the program loads with its first page, and a few pages: 15 MB together. All rows are 47 MB or more. */
const MOST_HELD = 24 * MB;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

/**
 * Exports in a process of its own, in one format after the other, and says how many rows came, and the most memory in use beyond that of the
 * start, read at the first chunks and then at every three MB.
 */
const EXPORT = `
  import { openDatabase } from "@waxseal/db";
  import { createContext, jobActor } from ${JSON.stringify(new URL("../../context.ts", import.meta.url).href)};
  import { exportReports } from ${JSON.stringify(new URL("export-reports.ts", import.meta.url).href)};
  const [databaseUrl, reportsDatabaseUrl, accountId, ...formats] = process.argv.slice(1);
  const db = openDatabase(databaseUrl, { reportsDatabaseUrl });
  const ctx = createContext({ db, now: () => new Date("2026-03-15T06:00:00Z") }, accountId, jobActor("test"));
  const inUse = () => {
    globalThis.gc();
    return process.memoryUsage().heapUsed;
  };
  const atStart = inUse();
  for (const format of formats) {
    const { chunks } = await exportReports(ctx, { view: "failures", format });
    let bytes = 0;
    let lines = 0;
    let held = 0;
    let nextAt = 0;
    for await (const chunk of chunks) {
      bytes += chunk.length;
      lines += chunk.split("\\n").length - 1;
      if (bytes < nextAt) continue;
      nextAt = bytes + 3_000_000;
      held = Math.max(held, inUse() - atStart);
    }
    console.log(JSON.stringify({ format, bytes, lines, held }));
  }
  await db.$disconnect();
`;

test("an export of 16 MB holds a few pages of it in memory, as CSV and as JSON", async () => {
  const ctx = await createTestAccount(database.db, () => new Date("2026-03-15T06:00:00Z"));
  const { domainId } = await createTestDomain(ctx, "one.example");
  await database.reports.$queryRaw`select ensure_report_partitions('2026-03-01')::text`;
  await database.reports.$executeRaw`
    insert into tls_daily_failures (account_id, report_day, domain_id, reporter, policy_type, result_type,
      sending_mta_ip, mx_host, reason_code, failed_sessions, counted_failed)
    select ${ctx.accountId}, date '2026-03-01' + n % 10, ${domainId}::uuid, 'Reporter', 'sts', 'certificate-expired',
      '192.0.2.1', 'mx.example.com', rpad('reason ' || n, ${ROW_BYTES}::int, ' and more'), 1, 1
    from generate_series(1, ${ROWS}::int) as n`;
  const flags = ["--expose-gc", "--input-type=module", "-e", EXPORT];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...flags, database.databaseUrl, database.reportsDatabaseUrl, ctx.accountId, "csv", "json"],
    { cwd: import.meta.dirname, timeout: 50_000 },
  );
  const measured: { format: string; lines: number; bytes: number; held: number }[] = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(measured.map(({ format, lines }) => [format, lines])).toEqual([
    ["csv", ROWS + 1],
    ["json", ROWS + 2],
  ]);
  for (const { bytes, held } of measured) {
    expect(bytes).toBeGreaterThan(ROWS * ROW_BYTES);
    expect(held).toBeLessThan(MOST_HELD);
  }
}, 60_000);
