import { PrismaPg } from "@prisma/adapter-pg";
import type pg from "pg";
import { Prisma, PrismaClient } from "./generated/client.ts";
import { openPool, runInTransaction, type SqlTransaction } from "./open-sql-database.ts";

/** The Prisma client of this schema, for reads outside a transaction. */
export type Database = PrismaClient;

/** The same inside an interactive transaction. */
export type Transaction = Prisma.TransactionClient;

const pools = new WeakMap<Database, pg.Pool>();

/**
 * Opens a pool on the database. Connections are made on first use.
 * `poolSize` is the most connections this process holds at once.
 */
export function openDatabase(databaseUrl: string, { poolSize = 10 }: { poolSize?: number } = {}): Database {
  const pool = openPool(databaseUrl, { poolSize });
  const db = new PrismaClient({ adapter: new PrismaPg(pool, { disposeExternalPool: true }) });
  pools.set(db, pool);
  return db;
}

/**
 * A transaction on the connections of a database without the Prisma client, which costs more than the work itself where
 * thousands of rows are written at once.
 */
export async function inSqlTransaction<T>(
  db: Database,
  work: (sql: SqlTransaction) => Promise<T>,
  options: { timeoutMs: number },
): Promise<T> {
  const pool = pools.get(db);
  if (!pool) throw new Error("This database was not opened by openDatabase.");
  // Only a client that was connected ends the pool when it is disconnected.
  await db.$connect();
  return runInTransaction(pool, work, options);
}

/** Whether a write failed because a unique key was already taken. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";
}
