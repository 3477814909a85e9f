import {
  type Database,
  inSqlTransaction,
  type ReportsDatabase,
  reportsOf,
  type Transaction,
} from "@waxseal/db";
import { formatJson, jsonArray, textArray } from "@waxseal/db/arrays";
import type { SqlDatabase, SqlTransaction } from "@waxseal/db/sql";
import { newRowId } from "../../new-row-id.ts";
import { noteSignerDays, type SignerDay } from "../trust/note-signers.ts";
import { type ReportEvent, recordReportEvents } from "./record-report-events.ts";

/** What a change of reports causes in state. */
export type ReportEffects = { signers: SignerDay[]; events: ReportEvent[] };

/** Where effects of one account are kept. */
export type EffectKey = { accountId: string; id: string };

type KeptRow = { accountId: string; id: string; effects: ReportEffects };

const PAGE_ROWS = 200;
const TRANSACTION = { timeoutMs: 60_000 };

/** Writes effects in the caller's transaction over state. Safe to repeat. */
export async function applyEffects(sql: SqlTransaction, effects: ReportEffects): Promise<void> {
  await noteSignerDays(sql, effects.signers);
  await recordReportEvents(sql, effects.events);
}

/**
 * Writes effects in a separate transaction over state, after the reports that caused them. Effects of a deleted account are dropped,
 * because nothing may be written about it. Safe to repeat.
 */
export function applyLateEffects(db: Database, effects: ReportEffects): Promise<void> {
  return inSqlTransaction(
    db,
    async (sql) => {
      const accounts = [...effects.signers, ...effects.events].map(({ accountId }) => accountId);
      const ids = [...new Set(accounts)].sort();
      await sql.$queryRaw`
        select pg_advisory_xact_lock_shared(hashtextextended(id, hashtext('report_effect'))) from unnest(${ids}::text[]) as id`;
      const rows = await sql.$queryRaw<
        { id: string }[]
      >`select id from account where id = any(${ids}::text[])`;
      const present = new Set(rows.map(({ id }) => id));
      await applyEffects(sql, {
        signers: effects.signers.filter(({ accountId }) => present.has(accountId)),
        events: effects.events.filter(({ accountId }) => present.has(accountId)),
      });
    },
    TRANSACTION,
  );
}

/**
 * Deletes what late effects have written for an account, in the caller's transaction over state, which then deletes the account: from here
 * on they wait, and find that it is gone.
 */
export async function endEffects(tx: Transaction, accountId: string): Promise<void> {
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${accountId}, hashtext('report_effect')))`;
  await tx.$executeRaw`delete from event where account_id = ${accountId}`;
  await tx.$executeRaw`delete from reporter_signer where account_id = ${accountId}`;
}

/** Keeps effects in the caller's transaction over reports, a row for each account. */
export async function keepEffects(
  sql: SqlTransaction,
  effects: ReportEffects,
  at: Date,
): Promise<EffectKey[]> {
  const signers = Map.groupBy(effects.signers, ({ accountId }) => accountId);
  const events = Map.groupBy(effects.events, ({ accountId }) => accountId);
  const rows = [...new Set([...signers.keys(), ...events.keys()])].map((accountId) => ({
    accountId,
    id: newRowId(at),
    json: formatJson({ signers: signers.get(accountId) ?? [], events: events.get(accountId) ?? [] }),
  }));
  if (rows.length === 0) return [];
  await sql.$executeRaw`
    insert into report_effect (account_id, id, effects)
    select account_id, id::uuid, effects
    from unnest(${textArray(rows.map(({ accountId }) => accountId))}::text[], ${textArray(rows.map(({ id }) => id))}::text[],
      ${jsonArray(rows.map(({ json }) => json))}::jsonb[]) as r(account_id, id, effects)`;
  return rows.map(({ accountId, id }) => ({ accountId, id }));
}

/** Forgets effects that state has. */
export async function removeEffects(
  reports: SqlDatabase | ReportsDatabase,
  keys: readonly EffectKey[],
): Promise<void> {
  if (keys.length === 0) return;
  const ids = keys.map(({ id }) => id);
  await reports.$executeRaw`
    delete from report_effect t using unnest(${keys.map(({ accountId }) => accountId)}::text[], ${ids}::text[]::uuid[]) as r(account_id, id)
    where t.account_id = r.account_id and t.id = r.id`;
}

/**
 * Writes to state what changes of reports caused there and what was kept since, oldest first. Returns how many rows that were. Where both
 * are one database, rows are left from before the reports were moved back.
 *
 * Safe to run twice, several at once, and to be killed. Effects that cannot be written hold up no others; they are tried again by the
 * next run, and the last error is thrown.
 */
export async function deliverReportEffects(db: Database): Promise<number> {
  const reports = reportsOf(db);
  const result: { delivered: number; error?: unknown } = { delivered: 0 };
  for (let after = "00000000-0000-0000-0000-000000000000"; ; ) {
    const rows = await reports.$queryRaw<KeptRow[]>`
      select account_id as "accountId", id::text, effects from report_effect where id > ${after}::uuid order by id limit ${PAGE_ROWS}`;
    const last = rows.at(-1);
    if (!last) break;
    after = last.id;
    for (const row of rows) {
      try {
        await applyLateEffects(db, row.effects);
        await removeEffects(reports, [row]);
        result.delivered++;
      } catch (error) {
        result.error = error;
      }
    }
  }
  if (result.error !== undefined) throw result.error;
  return result.delivered;
}
