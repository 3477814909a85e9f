import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestAccount, createTestDomain } from "../../../testing/create-test-report.ts";

/** Few and long: an export takes its time by the row, its memory by the byte. */
const ROWS = 60_000;
const ROW_BYTES = 600;
/** What the program itself takes, about 50, and a few pages of rows. Tighter, it would collect garbage most of its time. */
const HEAP_MB = 96;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

/** Exports in a process of its own, whose heap is bounded, and says how many rows came. */
const EXPORT = `
  import { openDatabase } from "@waxseal/db";
  import { createContext, jobActor } from ${JSON.stringify(new URL("../../context.ts", import.meta.url).href)};
  import { exportReports } from ${JSON.stringify(new URL("export-reports.ts", import.meta.url).href)};
  const [databaseUrl, reportsDatabaseUrl, accountId, format] = process.argv.slice(1);
  const db = openDatabase(databaseUrl, { reportsDatabaseUrl });
  const ctx = createContext({ db, now: () => new Date("2026-03-15T06:00:00Z") }, accountId, jobActor("test"));
  const { chunks } = await exportReports(ctx, { view: "failures", format });
  let bytes = 0;
  let lines = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    lines += chunk.split("\\n").length - 1;
  }
  console.log(JSON.stringify({ bytes, lines }));
  await db.$disconnect();
`;

test("an export of 50 MB takes no more memory than one of a few, as CSV and as JSON", async () => {
  const ctx = await createTestAccount(database.db, () => new Date("2026-03-15T06:00:00Z"));
  const { domainId } = await createTestDomain(ctx, "one.example");
  await database.reports.$queryRaw`select ensure_report_partitions('2026-03-01')::text`;
  await database.reports.$executeRaw`
    insert into tls_daily_failures
    select ${ctx.accountId}, date '2026-03-01' + n % 10, ${domainId}::uuid, 'Reporter', 'sts', 'certificate-expired',
      '192.0.2.1', 'mx.example.com', rpad('reason ' || n, ${ROW_BYTES}::int, ' and more'), 1, 1
    from generate_series(1, ${ROWS}::int) as n`;
  for (const [format, lines] of [
    ["csv", ROWS + 1],
    ["json", ROWS + 2],
  ] as const) {
    const flags = [`--max-old-space-size=${HEAP_MB}`, "--input-type=module", "-e", EXPORT];
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...flags, database.databaseUrl, database.reportsDatabaseUrl, ctx.accountId, format],
      { cwd: import.meta.dirname, timeout: 110_000 },
    );
    const measured: { lines: number; bytes: number } = JSON.parse(stdout);
    expect([format, measured.lines]).toEqual([format, lines]);
    expect(measured.bytes).toBeGreaterThan(ROWS * ROW_BYTES);
  }
}, 240_000);
