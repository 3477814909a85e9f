import { PrismaPg } from "@prisma/adapter-pg";
import type pg from "pg";
import { Prisma, PrismaClient } from "./generated/client.ts";
import {
  askIn,
  openPool,
  runInTransaction,
  type SqlDatabase,
  type SqlTransaction,
} from "./open-sql-database.ts";

/** The Prisma client of this schema, for reads outside a transaction. */
export type Database = PrismaClient;

/** The same inside an interactive transaction. */
export type Transaction = Prisma.TransactionClient;

type Opened = { pool: pg.Pool; connected?: Promise<void> };

const opened = new WeakMap<Database, Opened>();

/**
 * Opens a pool on the database. Connections are made on first use.
 * `poolSize` is the most connections this process holds at once.
 */
export function openDatabase(databaseUrl: string, { poolSize = 10 }: { poolSize?: number } = {}): Database {
  const pool = openPool(databaseUrl, { poolSize });
  const db = new PrismaClient({ adapter: new PrismaPg(pool, { disposeExternalPool: true }) });
  opened.set(db, { pool });
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
  return runInTransaction(await poolOf(db), work, options);
}

/** The same connections, asked in SQL without the Prisma client, one statement at a time. */
export function sqlDatabase(db: Database): SqlDatabase {
  return {
    $queryRaw: async <T>(query: TemplateStringsArray, ...values: unknown[]) =>
      askIn(await poolOf(db)).$queryRaw<T>(query, ...values),
    $executeRaw: async (query, ...values) => askIn(await poolOf(db)).$executeRaw(query, ...values),
  };
}

async function poolOf(db: Database): Promise<pg.Pool> {
  const known = opened.get(db);
  if (!known) throw new Error("This database was not opened by openDatabase.");
  // Only a client that was connected ends the pool when it is disconnected.
  known.connected ??= db.$connect().catch((error: unknown) => {
    delete known.connected;
    throw error;
  });
  await known.connected;
  return known.pool;
}

/** Whether a write failed because a unique key was already taken. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";
}
