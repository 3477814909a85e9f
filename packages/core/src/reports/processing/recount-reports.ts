import { type Database, reportsOf } from "@waxseal/db";
import type { Context, ContextSource } from "../../context.ts";
import { safeCount } from "../../safe-count.ts";
import { ensurePartitions } from "../arriving/ensure-partitions.ts";
import { recountDay } from "../counting/recount-day.ts";
import { loadDomainDirectory } from "../understanding/load-domain-directory.ts";
import { parseMessages } from "../understanding/parse-messages.ts";
import { routeMessage } from "../understanding/route-message.ts";
import type { UnderstoodReport } from "../understanding/understood-report.ts";
import { failToLookUp } from "./import-report.ts";
import { inReportsTransaction, type ReportsWork } from "./in-reports-transaction.ts";
import { type MessageKey, readMessages } from "./process-report-messages.ts";

/** What one run did, and how many days of accounts are still to do. */
export type RecountedDays = { days: number; busy: number; daysLeft: number };

/** Most days that one run recounts; a run starts each minute. */
const MAX_DAYS = 500;
const TRANSACTION = { timeoutMs: 120_000 };

/**
 * Recomputes the figures of days that were counted by an older rule from the reports that are kept, account by account.
 *
 * Each day is one transaction and is noted as done after it. After a kill the next run continues there, or repeats the last day, which
 * changes nothing. The next run retries a day that others were writing to. Safe to run twice and concurrently.
 */
export async function recountReports(
  source: ContextSource,
  { maxDays = MAX_DAYS }: { maxDays?: number } = {},
): Promise<RecountedDays> {
  const { db } = source;
  const result = { days: 0, busy: 0 };
  const accounts = await db.reportRecount.findMany({ orderBy: { nextDay: "asc" } });
  for (const { accountId } of accounts) {
    while (result.days < maxDays) {
      const outcome = await recountNextDay(source, accountId);
      if (outcome === "done") result.days++;
      if (outcome === "busy") result.busy++;
      if (outcome !== "done") break;
    }
  }
  return { ...result, daysLeft: await countRecountDays(db) };
}

/** How many days are still to be recomputed, of all accounts or of one. */
export async function countRecountDays(db: Database, accountId?: string): Promise<number> {
  const [row] = await db.$queryRaw<{ days: string }[]>`
    select coalesce(sum(last_day - next_day + 1), 0)::text as days from report_recount
    where ${accountId ?? null}::text is null or account_id = ${accountId ?? null}`;
  return safeCount(row?.days ?? null);
}

/** Has the worker recompute all days of the account from the reports kept. Safe to repeat: it starts with the first day again. */
export async function startRecount({ db, reports, accountId }: Context): Promise<void> {
  const [days] = await reports.$queryRaw<{ first: string; last: string }[]>`
    select min(report_day)::text as first, max(report_day)::text as last
    from tls_report where account_id = ${accountId} group by account_id`;
  if (!days) return;
  await db.$executeRaw`
    insert into report_recount (account_id, next_day, last_day)
    values (${accountId}, ${days.first}::date, ${days.last}::date)
    on conflict (account_id) do update set next_day = excluded.next_day, last_day = excluded.last_day`;
}

async function recountNextDay(
  source: ContextSource,
  accountId: string,
): Promise<"done" | "busy" | "finished"> {
  const { db } = source;
  const [next] = await db.$queryRaw<{ day: string; following: string; isLast: boolean; version: string }[]>`
    select next_day::text as day, (next_day + 1)::text as following, next_day > last_day as "isLast", xmin::text as version
    from report_recount where account_id = ${accountId}`;
  if (!next) return "finished";
  const { day, following, isLast, version } = next;
  if (isLast) {
    // Unless other days were added in between.
    await db.$executeRaw`delete from report_recount where account_id = ${accountId} and xmin::text = ${version}`;
    return "finished";
  }
  await ensurePartitions(reportsOf(db), [day, following]);
  try {
    await inReportsTransaction(
      source,
      async (transaction) => {
        await transaction.sql.$executeRaw`set transaction isolation level repeatable read`;
        await recountDay(transaction, { accountId, day }, (keys) => readAgain(transaction, keys));
      },
      TRANSACTION,
    );
    // Unless the account was set back meanwhile, perhaps for claims that this run did not know yet.
    await db.$executeRaw`
      update report_recount set next_day = next_day + 1 where account_id = ${accountId} and xmin::text = ${version}`;
    return "done";
  } catch (error) {
    if (/40001|40P01|could not serialize|deadlock/i.test(`${Object(error).code} ${error}`)) return "busy";
    throw error;
  }
}

/** What messages say, by today's parser; those that are gone are left out. One at a time: they may be large. */
async function readAgain(
  { sql, state }: ReportsWork,
  keys: readonly MessageKey[],
): Promise<UnderstoodReport[]> {
  const reports: UnderstoodReport[] = [];
  for (const key of keys) {
    const messages = await readMessages({ reports: sql, state }, [key]);
    const parsed = await parseMessages(messages, { lookUpKey: failToLookUp });
    const directory = await loadDomainDirectory(state, parsed);
    reports.push(...parsed.flatMap((each) => routeMessage(each, directory).reports));
  }
  return reports;
}
