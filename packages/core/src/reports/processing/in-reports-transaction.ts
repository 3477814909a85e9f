import { areReportsDistributed, inSqlTransaction, isOneDatabase, reportsOf, sqlDatabase } from "@waxseal/db";
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
  /** The tables are distributed by account: a statement about one account is asked of one node. */
  isDistributed: boolean;
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
  const isDistributed = await areReportsDistributed(reportsOf(db));
  if (isOneDatabase(db))
    return inSqlTransaction(
      reportsOf(db),
      async (sql) => {
        const done = await work({ sql, isDistributed, state: sql, cause });
        await applyEffects(sql, caused);
        return done;
      },
      options,
    );
  const within = <R>(work: (sql: SqlTransaction) => Promise<R>) =>
    inSqlTransaction(
      reportsOf(db),
      async (sql) => {
        if (isDistributed) await keepToOneConnection(sql);
        return work(sql);
      },
      options,
    );
  const { done, kept } = await within(async (sql) => ({
    done: await work({ sql, isDistributed, state: sqlDatabase(db), cause }),
    kept: await keepEffects(sql, caused, now()),
  }));
  try {
    await applyLateEffects(db, caused);
    if (kept.length > 0) await within((sql) => removeEffects(sql, kept));
  } catch {
    // The reports are counted, whatever is wrong here: the worker delivers what is kept, and says when it cannot.
  }
  return done;
}

/** One connection to each node, which the coordinator keeps: each further one is opened for this transaction, and committed in two phases. */
async function keepToOneConnection(sql: SqlTransaction): Promise<void> {
  await sql.$executeRaw`set local citus.max_adaptive_executor_pool_size = 1`;
}
