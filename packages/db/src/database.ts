import { PrismaPg } from "@prisma/adapter-pg";
import { Prisma, PrismaClient } from "./generated/client.ts";

/** The Prisma client of this schema, for reads outside a transaction. */
export type Database = PrismaClient;

/** The same inside an interactive transaction. */
export type Transaction = Prisma.TransactionClient;

/**
 * Opens a pool on the database. Connections are made on first use.
 * `poolSize` is the most connections this process holds at once.
 */
export function openDatabase(databaseUrl: string, { poolSize = 10 }: { poolSize?: number } = {}): Database {
  return new PrismaClient({
    adapter: new PrismaPg({ connectionString: databaseUrl, max: poolSize, connectionTimeoutMillis: 5_000 }),
  });
}

/** Whether a write failed because a unique key was already taken. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";
}
