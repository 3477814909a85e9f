import type { SqlDatabase } from "@waxseal/db/sql";

/**
 * Makes sure that reports about these days (YYYY-MM-DD) can be stored.
 *
 * Outside any transaction of the caller: creating a partition takes a lock that must be held briefly.
 */
export async function ensurePartitions(db: SqlDatabase, reportDays: Iterable<string>): Promise<void> {
  const months = new Set([...reportDays].map((day) => `${day.slice(0, 7)}-01`));
  for (const month of [...months].sort()) {
    await db.$queryRaw`select ensure_report_partitions(${month}::date)::text`;
  }
}
