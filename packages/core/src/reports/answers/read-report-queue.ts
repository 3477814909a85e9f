import type { SqlDatabase } from "@waxseal/db/sql";

/** What waits in the report store, and since when it has been quiet; null: there was none. */
export type ReportQueue = {
  unprocessed: number;
  oldestUnprocessedSeconds: number;
  secondsSinceLastReport: number | null;
  quarantined: number;
};

/** Figures of all accounts for the operator. Times are the database's; a message dated by a clock that is ahead came just now. */
export async function readReportQueue(db: SqlDatabase): Promise<ReportQueue> {
  // Each newest time is one look into the index by state and time, also where the table is distributed.
  const [row] = await db.$queryRaw<ReportQueue[]>`
    select
      (select count(*)::int from report_message where state = 'received') as unprocessed,
      coalesce((select extract(epoch from clock_timestamp() - min(received_at))::float8
        from report_message where state = 'received'), 0) as "oldestUnprocessedSeconds",
      extract(epoch from clock_timestamp() - greatest(
        (select max(received_at) from report_message where state = 'received'),
        (select max(received_at) from report_message where state = 'processed'),
        (select max(received_at) from report_message where state = 'duplicate'),
        (select max(received_at) from report_message where state = 'quarantined')))::float8 as "secondsSinceLastReport",
      (select count(*)::int from report_message where state = 'quarantined') as quarantined`;
  if (!row)
    return { unprocessed: 0, oldestUnprocessedSeconds: 0, secondsSinceLastReport: null, quarantined: 0 };
  const { oldestUnprocessedSeconds: oldest, secondsSinceLastReport: last } = row;
  return {
    ...row,
    oldestUnprocessedSeconds: Math.max(0, oldest),
    secondsSinceLastReport: last === null ? null : Math.max(0, last),
  };
}
