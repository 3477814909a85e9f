import { type Database, reportsOf } from "@waxseal/db";

const MESSAGES_AT_ONCE = 1_000;

/**
 * Deletes the messages, reports and daily figures of a domain that was deleted, a day at a time. Totals of the account follow, since each
 * day that changes is marked. Safe to run twice and to be cut off: it continues with the remaining rows. Returns the number of deleted rows.
 */
export async function removeDomainReports(
  db: Database,
  { accountId, domainId }: { accountId: string; domainId: string },
): Promise<number> {
  const reports = reportsOf(db);
  let removed = 0;
  for (let size = MESSAGES_AT_ONCE; size === MESSAGES_AT_ONCE; removed += size) {
    size = await reports.$executeRaw`
      delete from report_message where account_id = ${accountId} and id in (
        select id from report_message where account_id = ${accountId} and domain_id = ${domainId}::uuid limit ${MESSAGES_AT_ONCE})`;
  }
  const days = await reports.$queryRaw<{ day: string }[]>`
    select report_day::text as day from tls_report where account_id = ${accountId} and domain_id = ${domainId}::uuid
    union select report_day::text from tls_daily_sessions where account_id = ${accountId} and domain_id = ${domainId}::uuid
    order by 1`;
  for (const { day } of days) {
    removed += await reports.$executeRaw`
      delete from tls_report where account_id = ${accountId} and report_day = ${day}::date and domain_id = ${domainId}::uuid`;
    removed += await reports.$executeRaw`
      delete from tls_daily_failures where account_id = ${accountId} and report_day = ${day}::date and domain_id = ${domainId}::uuid`;
    removed += await reports.$executeRaw`
      delete from tls_daily_sessions where account_id = ${accountId} and report_day = ${day}::date and domain_id = ${domainId}::uuid`;
  }
  await reports.$executeRaw`
    delete from tls_month_clusters where account_id = ${accountId} and domain_id = ${domainId}::uuid`;
  return removed;
}
