import { type Database, Prisma, reportsOf } from "@waxseal/db";
import type { SqlDatabase } from "@waxseal/db/sql";
import { clearCondition, raiseCondition } from "../../operating/operator-condition.ts";
import { loadChosenRetention } from "./load-chosen-retention.ts";
import { DEFAULT_RETENTION } from "./report-retention.ts";

/** What a daily run deletes of an account: messages as they arrived, or reports with their figures. */
export type DeletionKind = "messages" | "reports";

/** A deletion that waits for the operator. */
export type HeldDeletion = { accountId: string; kind: DeletionKind; due: number; total: number };

const ALLOWED_FOR_DAYS = 7;

// What is due on an ordinary day became due since the last run. Rows that were due well before that say that the clock, or the
// retention, has moved. Example with rawDays 90 (a day's grace is 4), 900 messages, and a clock 30 days ahead:
//   due | late | total | held
//   300 |  260 |   900 | yes: more than a tenth, and more than ten times a day's share (900 / 90 = 10)
//    10 |    0 |   900 | no: one day's
/** Rows of one kind with the account and the instant or day they count from. */
const ROWS = {
  messages: Prisma.sql`
    select account_id, received_at as at from report_message
    where state in ('processed', 'duplicate', 'quarantined')`,
  reports: Prisma.sql`select account_id, report_day::timestamptz as at from tls_report`,
} as const satisfies Record<DeletionKind, Prisma.Sql>;

type Counted = { accountId: string; days: number; due: number; total: number };

/**
 * Holds the deletions of accounts from which a run would take unusually much: more than a tenth of what is there, or more than ten
 * times what a day brings, of which some was due long before the last run. Returns the accounts that are held now; the others may be
 * deleted from. An account whose owner shortened the retention, or that the operator allowed, is not held for a week.
 */
export async function holdLargeDeletions(
  db: Database,
  kind: DeletionKind,
  at: Date,
): Promise<HeldDeletion[]> {
  const counted = await countDue(db, kind, at);
  const held = await db.$queryRaw<HeldDeletion[]>`
    insert into deletion_hold as known (account_id, kind, due, total, held_at)
    select account_id, ${kind}, due, total, clock_timestamp()
    from unnest(${counted.map(({ accountId }) => accountId)}::text[], ${counted.map(({ days }) => days)}::int[],
      ${counted.map(({ due }) => due)}::int[], ${counted.map(({ total }) => total)}::int[]) as counted(account_id, days, due, total)
    where (due::bigint * 10 > total or due::bigint * days > total::bigint * 10)
      and not exists (select 1 from deletion_hold a where a.account_id = counted.account_id and a.kind = ${kind}
        and a.allowed_at > clock_timestamp() - make_interval(days => ${ALLOWED_FOR_DAYS}))
    on conflict (account_id, kind) do update
      set due = excluded.due, total = excluded.total, held_at = least(known.held_at, excluded.held_at), allowed_at = null
    returning account_id as "accountId", kind, due, total`;
  // Forgets holds that are no longer unusual, and allowances that were used or have expired.
  await db.$executeRaw`
    delete from deletion_hold where kind = ${kind} and not (account_id = any(${held.map((hold) => hold.accountId)}::text[]))
      and (allowed_at is null or allowed_at <= clock_timestamp() - make_interval(days => ${ALLOWED_FOR_DAYS}))`;
  return held;
}

/** How many rows are due, of how many, at each account of which some were due long before the last run. */
async function countDue(db: Database, kind: DeletionKind, at: Date): Promise<Counted[]> {
  const chosen = await loadChosenRetention(db);
  const [daysOf, usual] =
    kind === "messages"
      ? [chosen.rawDays, DEFAULT_RETENTION.rawDays]
      : [chosen.dailyDays, DEFAULT_RETENTION.dailyDays];
  return reportsOf(db).$queryRaw<Counted[]>`
    with kept as (
      select account_id, at, coalesce(r.days, ${usual}::int) as days
      from (${ROWS[kind]}) as present
      left join unnest(${chosen.accountIds}::text[], ${daysOf}::int[]) as r(account_id, days) using (account_id)
    ),
    late as (
      select distinct account_id from kept
      where at < ${at}::timestamptz - make_interval(days => days + least(7, greatest(2, days / 20)))
    )
    select account_id as "accountId", max(days) as days, count(*)::int as total,
      (count(*) filter (where at < ${at}::timestamptz - make_interval(days => days)))::int as due
    from kept where account_id in (select account_id from late) group by 1`;
}

/** Allows the next large deletions of an account, for a week. */
export async function allowDeletions(db: SqlDatabase, accountId: string): Promise<void> {
  await db.$executeRaw`
    insert into deletion_hold (account_id, kind, due, total, held_at, allowed_at)
    select ${accountId}, kind, 0, 0, clock_timestamp(), clock_timestamp() from unnest(array['messages', 'reports']) kind
    on conflict (account_id, kind) do update set allowed_at = excluded.allowed_at`;
}

/** The deletions that wait for the operator, with the account's name. */
export async function listHeldDeletions(
  db: SqlDatabase,
): Promise<(HeldDeletion & { account: string; heldAt: Date })[]> {
  return db.$queryRaw`
    select h.account_id as "accountId", coalesce(a.name, h.account_id) as account, h.kind, h.due, h.total, h.held_at as "heldAt"
    from deletion_hold h left join account a on a.id = h.account_id
    where h.allowed_at is null order by h.held_at, h.account_id, h.kind`;
}

/** Records for the operator which deletions wait, until none does. */
export async function tellHeldDeletions(db: SqlDatabase, held: readonly HeldDeletion[]): Promise<void> {
  const [code, subject] = ["deletion-held", "reports"] as const;
  if (held.length === 0) return clearCondition(db, { code, subject });
  const accounts = new Set(held.map(({ accountId }) => accountId)).size;
  const rows = held.reduce((sum, { due }) => sum + due, 0);
  const text = `${rows} reports of ${accounts} ${accounts === 1 ? "account" : "accounts"} are to be deleted, which is unusually many, so they were kept. Check the clocks, then see "waxseal operator deletions".`;
  await raiseCondition(db, { code, subject, text, detail: { accounts, rows } }, { untilCleared: true });
}
