import { inSqlTransaction, isOneDatabase, reportsOf, sqlDatabase } from "@waxseal/db";
import type { SqlDatabase, SqlTransaction } from "@waxseal/db/sql";
import type { ContextSource } from "../../context.ts";
import {
  applyEffects,
  applyLateEffects,
  keepEffects,
  type ReportEffects,
  removeEffects,
} from "./report-effects.ts";

/** A transaction over the tables of reports. */
export type ReportsWork = {
  sql: SqlTransaction;
  /** Reads state: in the same transaction where both are one database, else beside it. */
  state: SqlDatabase;
  /** Has something written to state: with this transaction where both are one database, else after it. */
  cause(effects: Partial<ReportEffects>): void;
};

/**
 * Runs work in one transaction over reports, and writes to state what it causes there.
 *
 * Where reports have a database of their own, what is caused is kept with the reports, in their transaction, and written to state
 * after it, here or by {@link deliverReportEffects}: it may come late, but never twice, and is never lost.
 */
export async function inReportsTransaction<T>(
  { db, now }: ContextSource,
  work: (transaction: ReportsWork) => Promise<T>,
  options: { timeoutMs: number },
): Promise<T> {
  const caused: ReportEffects = { signers: [], events: [] };
  const cause = ({ signers = [], events = [] }: Partial<ReportEffects>) => {
    caused.signers.push(...signers);
    caused.events.push(...events);
  };
  if (isOneDatabase(db))
    return inSqlTransaction(
      reportsOf(db),
      async (sql) => {
        const done = await work({ sql, state: sql, cause });
        await applyEffects(sql, caused);
        return done;
      },
      options,
    );
  const { done, kept } = await inSqlTransaction(
    reportsOf(db),
    async (sql) => ({
      done: await work({ sql, state: sqlDatabase(db), cause }),
      kept: await keepEffects(sql, caused, now()),
    }),
    options,
  );
  try {
    await applyLateEffects(db, caused);
    await removeEffects(reportsOf(db), kept);
  } catch {
    // The reports are counted, whatever is wrong here: the worker delivers what is kept, and says when it cannot.
  }
  return done;
}
