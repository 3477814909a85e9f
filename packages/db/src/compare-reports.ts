import type pg from "pg";
import { createClient } from "./connect.ts";
import { REPORT_TABLES } from "./report-tables.ts";

/** A table of reports in both databases: how many rows, and whether they are the same rows. */
export type ComparedTable = { table: string; rows: string; reportsRows: string; isSame: boolean };

/**
 * Compares the tables of reports in the database of state with those in a database of their own, row by row, while nothing writes to them.
 * Reads every row of both.
 */
export async function compareReports(
  databaseUrl: string,
  reportsDatabaseUrl: string,
): Promise<ComparedTable[]> {
  const [state, reports] = [databaseUrl, reportsDatabaseUrl].map((url) => createClient(url));
  if (!state || !reports) return [];
  try {
    await Promise.all([state.connect(), reports.connect()]);
    const compared: ComparedTable[] = [];
    for (const table of REPORT_TABLES) {
      const [one, other] = await Promise.all([summarize(state, table), summarize(reports, table)]);
      const isSame = one.rows === other.rows && one.sum === other.sum;
      compared.push({ table, rows: one.rows, reportsRows: other.rows, isSame });
    }
    return compared;
  } finally {
    await Promise.all([state.end(), reports.end()]);
  }
}

/** The sum does not depend on the order of the rows. */
async function summarize(client: pg.Client, table: string): Promise<{ rows: string; sum: string }> {
  // Texts of rows depend on these settings.
  await client.query("set timezone = 'UTC'; set datestyle = 'ISO'; set bytea_output = 'hex'");
  const { rows } = await client.query<{ rows: string; sum: string }>(
    `select count(*)::text as rows, coalesce(sum(hashtextextended(t::text, 0)), 0)::text as sum from ${table} t`,
  );
  return rows[0] ?? { rows: "0", sum: "0" };
}
