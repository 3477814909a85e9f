import type { ReportFigures } from "@waxseal/contract";
import { Prisma, type ReportsTransaction } from "@waxseal/db";
import type { z } from "zod";
import { daysOf, type ReportRange, shiftDay } from "../../day-range.ts";
import { safeCount } from "../../safe-count.ts";
import { matchesSource } from "../trust/report-source.ts";

type Figures = z.infer<typeof ReportFigures>;
type Key = { accountId: string; domainId: string };
type DayRow = { id: string; day: string; successful: string; failed: string };

const FIGURE_DAYS = 14;
const PROVEN_ONLY = matchesSource(Prisma.sql`reporter`, { trust: "aligned" });

/** The last complete days, as lists and summaries show them; `before` counts periods back. */
export function figureRange(now: Date, before = 0): ReportRange {
  const today = now.toISOString().slice(0, 10);
  const skipped = before * FIGURE_DAYS;
  return { from: shiftDay(today, -skipped - FIGURE_DAYS), to: shiftDay(today, -skipped - 1) };
}

/** What proven reports say of some domains, of any accounts, by domain id. */
export async function loadReportFigures(
  db: ReportsTransaction,
  keys: readonly Key[],
  now: Date,
): Promise<ReadonlyMap<string, Figures>> {
  if (keys.length === 0) return new Map();
  const range = figureRange(now);
  const accounts = keys.map(({ accountId }) => accountId);
  const domains = keys.map(({ domainId }) => domainId);
  // A day and a domain are one descent of the key each: an account may have millions of rows in these days.
  const rows = await db.$queryRaw<DayRow[]>`
    select k.domain_id::text as id, day::date::text as day, sum(s.counted_successful)::text as successful,
      sum(s.counted_failed)::text as failed
    from unnest(${accounts}::text[], ${domains}::uuid[]) as k(account_id, domain_id)
      cross join generate_series(${range.from}::date, ${range.to}::date, interval '1 day') as day
      cross join lateral (
        select counted_successful, counted_failed from tls_daily_sessions
        where account_id = k.account_id and report_day = day::date and domain_id = k.domain_id and ${PROVEN_ONLY}
      ) as s
    group by 1, 2`;
  const rowsOf = Map.groupBy(rows, ({ id }) => id);
  const silent = keys.filter(({ domainId }) => !rowsOf.has(domainId));
  const lastDays = await findLastDays(db, silent);
  return new Map(
    domains.map((id) => [id, addUp(rowsOf.get(id) ?? [], range, lastDays.get(id) ?? null)] as const),
  );
}

/** What proven reports say of all domains of an account together; without an account, of all accounts that were asked for. */
export type AccountFigures = (accountId?: string) => Figures;

/** Loads what proven reports say of some accounts. */
export async function loadAccountFigures(
  db: ReportsTransaction,
  accounts: readonly string[],
  now: Date,
  range: ReportRange = figureRange(now),
): Promise<AccountFigures> {
  const rows = await db.$queryRaw<DayRow[]>`
    select account_id as id, report_day::text as day, sum(counted_successful)::text as successful, sum(counted_failed)::text as failed
    from tls_total_sessions
    where account_id = any(${accounts}::text[]) and report_day = any(${daysOf(range)}::date[]) and ${PROVEN_ONLY}
    group by 1, 2`;
  const rowsOf = Map.groupBy(rows, ({ id }) => id);
  const lastDays = await findLastAccountDays(
    db,
    accounts.filter((id) => !rowsOf.has(id)),
  );
  return (accountId) => {
    if (accountId !== undefined)
      return addUp(rowsOf.get(accountId) ?? [], range, lastDays.get(accountId) ?? null);
    return addUp(joinDays(rows), range, [...lastDays.values()].sort().at(-1) ?? null);
  };
}

/** One row a day. */
function joinDays(rows: readonly DayRow[]): DayRow[] {
  return [...Map.groupBy(rows, ({ day }) => day)].map(([day, own]) => ({
    id: "",
    day,
    successful: String(own.reduce((sum, row) => sum + safeCount(row.successful), 0)),
    failed: String(own.reduce((sum, row) => sum + safeCount(row.failed), 0)),
  }));
}

async function findLastAccountDays(
  db: ReportsTransaction,
  accounts: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (accounts.length === 0) return new Map();
  const rows = await db.$queryRaw<{ id: string; day: string }[]>`
    select k.id, t.report_day::text as day from unnest(${accounts}::text[]) as k(id)
      cross join lateral (
        select report_day from tls_total_sessions where account_id = k.id and ${PROVEN_ONLY} order by report_day desc limit 1
      ) as t`;
  return new Map(rows.map(({ id, day }) => [id, day]));
}

async function findLastDays(
  db: ReportsTransaction,
  keys: readonly Key[],
): Promise<ReadonlyMap<string, string>> {
  if (keys.length === 0) return new Map();
  const rows = await db.$queryRaw<{ id: string; day: string }[]>`
    select k.domain_id::text as id, t.report_day::text as day
    from unnest(${keys.map(({ accountId }) => accountId)}::text[], ${keys.map(({ domainId }) => domainId)}::uuid[])
        as k(account_id, domain_id)
      cross join lateral (
        select report_day from tls_report
        where account_id = k.account_id and domain_id = k.domain_id and trust = 'aligned'
        order by report_day desc limit 1
      ) as t`;
  return new Map(rows.map(({ id, day }) => [id, day]));
}

function addUp(rows: readonly DayRow[], range: ReportRange, lastDay: string | null): Figures {
  const sums = rows.map(({ day, successful, failed }) => ({
    day,
    successful: safeCount(successful),
    failed: safeCount(failed),
  }));
  const added = addUpDays(sums, daysOf(range));
  return { ...added, lastDay: added.lastDay ?? lastDay };
}

/** Sums by day as lists and summaries show them. */
export function addUpDays(
  rows: readonly { day: string; successful: number; failed: number }[],
  range: readonly string[],
): Figures {
  const days = new Map(
    rows.map(({ day, successful, failed }) => [day, { failed, all: successful + failed }]),
  );
  const sessions = [...days.values()].reduce((sum, { all }) => sum + all, 0);
  const failedSessions = [...days.values()].reduce((sum, { failed }) => sum + failed, 0);
  return {
    sessions,
    failedSessions,
    successShare: shareOf(sessions, failedSessions),
    lastDay: [...days.keys()].sort().at(-1) ?? null,
    days: range.map((day) => {
      const known = days.get(day);
      return known ? shareOf(known.all, known.failed) : null;
    }),
  };
}

function shareOf(sessions: number, failed: number): number | null {
  return sessions > 0 ? (sessions - failed) / sessions : null;
}
