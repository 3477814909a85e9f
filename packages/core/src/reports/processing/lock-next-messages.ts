import type { SqlTransaction } from "@waxseal/db/sql";

/** A message that the transaction has locked. */
export type LockedRow = { account_id: string; id: string; bytes: number };

/** How many batches the search looks past when other processes have locked the oldest messages. */
const BATCHES_AHEAD = 4;

/** Locks the oldest messages that are due and that no other process has locked; processed_at is the last try. */
export function lockNextMessages(sql: SqlTransaction, now: Date, batchSize: number): Promise<LockedRow[]> {
  return sql.$queryRaw<LockedRow[]>`
    select account_id, id::text, octet_length(raw) as bytes
    from report_message
    where state = 'received'
      and (attempts = 0 or processed_at + interval '1 second' * power(2, attempts) <= ${now}::timestamptz)
    order by received_at
    limit ${batchSize}
    for update skip locked`;
}

/**
 * The same where the tables are distributed by account: a statement can lock rows of one account only there. So the messages are
 * looked for without a lock, and then locked account by account, unless another process has done with them.
 */
export async function lockNextByAccount(
  sql: SqlTransaction,
  now: Date,
  batchSize: number,
): Promise<LockedRow[]> {
  const due = await sql.$queryRaw<{ accountId: string; id: string }[]>`
    select account_id as "accountId", id::text
    from report_message
    where state = 'received'
      and (attempts = 0 or processed_at + interval '1 second' * power(2, attempts) <= ${now}::timestamptz)
    order by received_at
    limit ${batchSize * BATCHES_AHEAD}`;
  const locked: LockedRow[] = [];
  for (const [accountId, own] of Map.groupBy(due, (key) => key.accountId)) {
    const left = batchSize - locked.length;
    if (left <= 0) break;
    const rows = await sql.$queryRaw<LockedRow[]>`
      select account_id, id::text, octet_length(raw) as bytes
      from report_message
      where account_id = ${accountId} and id = any(${own.map(({ id }) => id)}::uuid[]) and state = 'received'
        and (attempts = 0 or processed_at + interval '1 second' * power(2, attempts) <= ${now}::timestamptz)
      order by received_at
      limit ${left}
      for update skip locked`;
    locked.push(...rows);
  }
  return locked;
}
