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

/** The models of the tables that may live in a database of their own; {@link REPORT_TABLES} are their names. */
type ReportModel =
  | "reportMessage"
  | "reportEffect"
  | "tlsReport"
  | "tlsChangedDomain"
  | "tlsDailySessions"
  | "tlsDailyFailures"
  | "tlsUnsettledDay"
  | "tlsTotalSessions"
  | "tlsTotalFailures"
  | "tlsTotalClusters"
  | "tlsMonthClusters"
  | "tlsMonthAddresses";

type AnyModel = "$queryRaw" | "$executeRaw" | "$queryRawUnsafe" | "$executeRawUnsafe";

/** The Prisma client over state: every table but those of reports. For reads outside a transaction. */
export type Database = Omit<PrismaClient, ReportModel>;

/** The same inside an interactive transaction. */
export type Transaction = Omit<Prisma.TransactionClient, ReportModel>;

/** The Prisma client over the tables of reports, which may be in another database than state. */
export type ReportsDatabase = Pick<PrismaClient, ReportModel | AnyModel | "$transaction" | "$disconnect">;

/** The same inside an interactive transaction. */
export type ReportsTransaction = Pick<PrismaClient, ReportModel | AnyModel>;

type OpenOptions = { poolSize?: number; reportsDatabaseUrl?: string | undefined };

/**
 * How long a transaction waits for a connection, and how long it may take. Prisma's own 2 and 5 seconds are too short on a loaded machine.
 */
const TRANSACTION_OPTIONS = { maxWait: 5_000, timeout: 15_000 };

type Opened = { pool: pg.Pool; connect(): Promise<void>; connected?: Promise<void>; isDistributed?: boolean };

const opened = new WeakMap<object, Opened>();
const reportsBeside = new WeakMap<object, ReportsDatabase>();

/**
 * Opens a pool on the database. Connections are made on first use.
 * `poolSize` is the most connections this process holds at once, to each of the two databases where `reportsDatabaseUrl` names another.
 */
export function openDatabase(
  databaseUrl: string,
  { poolSize = 10, reportsDatabaseUrl = databaseUrl }: OpenOptions = {},
): Database {
  const db = openClient(databaseUrl, poolSize);
  if (reportsDatabaseUrl === databaseUrl) return db;
  const reports = openClient(reportsDatabaseUrl, poolSize);
  reportsBeside.set(db, reports);
  const disconnect = db.$disconnect.bind(db);
  db.$disconnect = async () => {
    await Promise.all([disconnect(), reports.$disconnect()]);
  };
  return db;
}

function openClient(databaseUrl: string, poolSize: number): PrismaClient {
  const pool = openPool(databaseUrl, { poolSize });
  const adapter = new PrismaPg(pool, { disposeExternalPool: true });
  const client = new PrismaClient({ adapter, transactionOptions: TRANSACTION_OPTIONS });
  opened.set(client, { pool, connect: () => client.$connect() });
  return client;
}

/** The database that has the reports of this state: another one, or the same. */
export function reportsOf(db: Database): ReportsDatabase {
  return reportsBeside.get(db) ?? asReports(db);
}

/** Whether reports are in the database of state, so that one transaction may change both. */
export function isOneDatabase(db: Database): boolean {
  return !reportsBeside.has(db);
}

/**
 * Whether the tables of reports are distributed over the nodes of a cluster, where a statement locks rows of one account only. The
 * answer of the first question counts until the process ends: tables are distributed while nothing else is connected.
 */
export async function areReportsDistributed(reports: ReportsDatabase): Promise<boolean> {
  const known = opened.get(reports);
  if (known?.isDistributed !== undefined) return known.isDistributed;
  const [row] = await sqlDatabase(reports).$queryRaw<{ isDistributed: boolean }[]>`
    select exists (select from pg_extension where extname = 'citus') as "isDistributed"`;
  const isDistributed = row?.isDistributed ?? false;
  if (known) known.isDistributed = isDistributed;
  return isDistributed;
}

/** The reports as a transaction over state reads them: in it where both are one database, else beside it. */
export function reportsWithin(db: Database, transaction: Transaction): ReportsTransaction {
  return reportsBeside.get(db) ?? asReports(transaction);
}

/** Every client has all models; the type only hides some. */
function asReports(db: object): ReportsDatabase {
  return db as ReportsDatabase;
}

/**
 * A transaction on the connections of a database without the Prisma client, which costs more than the work itself where
 * thousands of rows are written at once.
 */
export async function inSqlTransaction<T>(
  db: Database | ReportsDatabase,
  work: (sql: SqlTransaction) => Promise<T>,
  options: { timeoutMs: number },
): Promise<T> {
  return runInTransaction(await poolOf(db), work, options);
}

/** The same connections, asked in SQL without the Prisma client, one statement at a time. */
export function sqlDatabase(db: Database | ReportsDatabase): SqlDatabase {
  return {
    $queryRaw: async <T>(query: TemplateStringsArray, ...values: unknown[]) =>
      askIn(await poolOf(db)).$queryRaw<T>(query, ...values),
    $executeRaw: async (query, ...values) => askIn(await poolOf(db)).$executeRaw(query, ...values),
  };
}

async function poolOf(db: Database | ReportsDatabase): Promise<pg.Pool> {
  const known = opened.get(db);
  if (!known) throw new Error("This database was not opened by openDatabase.");
  // Only a client that was connected ends the pool when it is disconnected.
  known.connected ??= known.connect().catch((error: unknown) => {
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
