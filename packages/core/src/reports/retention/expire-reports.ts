import { type Database, type ReportsDatabase, reportsOf } from "@waxseal/db";
import type { ContextSource } from "../../context.ts";
import { shiftDay } from "../../day-range.ts";
import { readDeletionTime } from "../../operating/read-deletion-time.ts";
import { ensurePartitions } from "../arriving/ensure-partitions.ts";
import { type HeldDeletion, holdLargeDeletions } from "./hold-large-deletions.ts";
import { loadChosenRetention } from "./load-chosen-retention.ts";
import { DEFAULT_RETENTION } from "./report-retention.ts";

/** How many of each were removed, or made ahead. */
export type ExpiredReports = {
  messages: number;
  accounts: number;
  droppedPartitions: string[];
  /** Deletions that wait for the operator: nothing of theirs was removed. */
  held: HeldDeletion[];
};

const MAX_MESSAGES_AT_ONCE = 1_000;
const MAX_ROUNDS = 500;
const MAX_ACCOUNTS = 10_000;
const PARTITION = /^(?:tls_report|tls_daily_sessions|tls_daily_failures)_(\d{4})(\d{2})$/;

/**
 * Removes what accounts do not keep any longer: messages and quarantine, then reports and daily figures, and whole months that
 * no account keeps; the partitions of this month and the next are there afterwards.
 *
 * Nothing is removed before the database's clock says so, and an unusually large part of an account waits for the operator
 * (see `holdLargeDeletions`). Messages that wait to be understood stay, however old. What is left beyond the bounds of one run is the next one's. Safe to
 * run twice, and several at once.
 */
export async function expireReports({ db, now }: ContextSource): Promise<ExpiredReports> {
  const today = now().toISOString().slice(0, 10);
  await ensurePartitions(reportsOf(db), [today, shiftDay(`${today.slice(0, 7)}-01`, 31)]);
  const at = await readDeletionTime(db, now());
  const heldMessages = await holdLargeDeletions(db, "messages", at);
  const messages = await expireMessages(db, at, heldMessages);
  const heldReports = await holdLargeDeletions(db, "reports", startOfDay(at));
  const lastDay = at.toISOString().slice(0, 10);
  return {
    messages,
    droppedPartitions: await dropPartitions(db, lastDay, heldReports),
    accounts: await expireDays(db, lastDay, heldReports),
    held: [...heldMessages, ...heldReports],
  };
}

function startOfDay(at: Date): Date {
  return new Date(`${at.toISOString().slice(0, 10)}T00:00:00Z`);
}

function accountIdsOf(held: readonly HeldDeletion[]): string[] {
  return held.map(({ accountId }) => accountId);
}

async function expireMessages(db: Database, at: Date, held: readonly HeldDeletion[]): Promise<number> {
  const { accountIds, rawDays } = await loadChosenRetention(db);
  let removed = 0;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const expired = await reportsOf(db).$queryRaw<{ accountId: string; id: string }[]>`
      select m.account_id as "accountId", m.id::text from report_message m
      left join unnest(${accountIds}::text[], ${rawDays}::int[]) as r(account_id, raw_days) using (account_id)
      where m.state in ('processed', 'duplicate', 'quarantined')
        and not (m.account_id = any(${accountIdsOf(held)}::text[]))
        and m.received_at < ${at}::timestamptz - make_interval(days => ${shortestOf(rawDays, DEFAULT_RETENTION.rawDays)}::int)
        and m.received_at < ${at}::timestamptz - make_interval(days => coalesce(r.raw_days, ${DEFAULT_RETENTION.rawDays}::int))
      limit ${MAX_MESSAGES_AT_ONCE}`;
    let count = 0;
    for (const [accountId, own] of Map.groupBy(expired, (key) => key.accountId))
      count += await deleteMessages(
        db,
        accountId,
        own.map(({ id }) => id),
      );
    removed += count;
    // Those that another process reads again are the next run's.
    if (expired.length < MAX_MESSAGES_AT_ONCE || count === 0) break;
  }
  return removed;
}

/** Distributed tables lock rows of one account at a time. */
function deleteMessages(db: Database, accountId: string, ids: readonly string[]): Promise<number> {
  return reportsOf(db).$executeRaw`
    delete from report_message where account_id = ${accountId} and id in (
      select id from report_message
      where account_id = ${accountId} and id = any(${ids}::uuid[]) and state in ('processed', 'duplicate', 'quarantined')
      for update skip locked
    )`;
}

/** The shortest time that anybody keeps: only rows older than that need a look at whose they are. */
function shortestOf(chosen: readonly number[], usual: number): number {
  return chosen.reduce((shortest, days) => Math.min(shortest, days), usual);
}

/** An account's rows of the daily sessions go last, since they say whether there is anything left to remove. */
async function expireDays(db: Database, today: string, held: readonly HeldDeletion[]): Promise<number> {
  const { accountIds, dailyDays } = await loadChosenRetention(db);
  const reports = reportsOf(db);
  const accounts = await reports.$queryRaw<{ account_id: string; cutoff: string }[]>`
    select distinct t.account_id, (${today}::date - coalesce(r.daily_days, ${DEFAULT_RETENTION.dailyDays}::int))::text as cutoff
    from tls_daily_sessions t
    left join unnest(${accountIds}::text[], ${dailyDays}::int[]) as r(account_id, daily_days) using (account_id)
    where t.report_day < ${today}::date - ${shortestOf(dailyDays, DEFAULT_RETENTION.dailyDays)}::int
      and t.report_day < ${today}::date - coalesce(r.daily_days, ${DEFAULT_RETENTION.dailyDays}::int)
      and not (t.account_id = any(${accountIdsOf(held)}::text[]))
    limit ${MAX_ACCOUNTS}`;
  for (const { account_id: accountId, cutoff } of accounts) {
    await reports.$executeRaw`delete from tls_report where account_id = ${accountId} and report_day < ${cutoff}::date`;
    await reports.$executeRaw`delete from tls_daily_failures where account_id = ${accountId} and report_day < ${cutoff}::date`;
    await reports.$executeRaw`delete from tls_daily_sessions where account_id = ${accountId} and report_day < ${cutoff}::date`;
  }
  return accounts.length;
}

/** Months with days of an account that waits stay. */
async function dropPartitions(db: Database, today: string, held: readonly HeldDeletion[]): Promise<string[]> {
  const { _max } = await db.reportRetention.aggregate({ _max: { dailyDays: true } });
  const kept = shiftDay(today, -Math.max(DEFAULT_RETENTION.dailyDays, _max.dailyDays ?? 0));
  const reports = reportsOf(db);
  const partitions = await reports.$queryRaw<{ name: string }[]>`
    select c.relname::text as name from pg_inherits i
    join pg_class c on c.oid = i.inhrelid
    join pg_class p on p.oid = i.inhparent
    where p.relname in ('tls_report', 'tls_daily_sessions', 'tls_daily_failures') and p.relnamespace = current_schema()::regnamespace
    order by 1`;
  const dropped: string[] = [];
  for (const name of partitions.map((partition) => partition.name).filter((name) => endsBefore(name, kept))) {
    if (await holdsRowsOf(reports, name, held)) continue;
    dropped.push(name);
    await reports.$transaction(async (transaction) => {
      // Everybody who reads reports waits behind this lock: better another try tomorrow than to wait for it long.
      await transaction.$executeRaw`set local lock_timeout = '3s'`;
      // No trigger marks the days of a table that is dropped.
      await transaction.$executeRaw`
        insert into tls_unsettled_day (account_id, report_day)
        select account_id, report_day from tls_total_sessions where to_char(report_day, 'YYYYMM') = ${name.slice(-6)}
        union select account_id, report_day from tls_total_failures where to_char(report_day, 'YYYYMM') = ${name.slice(-6)}`;
      await transaction.$queryRaw`select drop_report_partition(${name})::text`;
    });
  }
  return dropped;
}

async function holdsRowsOf(
  reports: ReportsDatabase,
  partition: string,
  held: readonly HeldDeletion[],
): Promise<boolean> {
  if (held.length === 0) return false;
  const sql = `select 1 from "${partition}" where account_id = any($1::text[]) limit 1`;
  const found = await reports.$queryRawUnsafe<unknown[]>(sql, accountIdsOf(held));
  return found.length > 0;
}

/** Whether the month of a partition is over before a day. Only names of ours pass, so they are safe in SQL. */
function endsBefore(name: string, day: string): boolean {
  const [, year, month] = PARTITION.exec(name) ?? [];
  if (year === undefined || month === undefined) return false;
  return `${year}-${month}` < day.slice(0, 7);
}
