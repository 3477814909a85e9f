import pg from "pg";
import { bindInPieces } from "./bind-in-pieces.ts";
import { poolConfig } from "./connect.ts";

/**
 * A database that is queried in SQL only: the Prisma client, or the result of `openSqlDatabase`.
 * Values become parameters; `bigint` columns are read as bigint, instants as Date.
 */
export type SqlDatabase = {
  $queryRaw<T>(query: TemplateStringsArray, ...values: unknown[]): Promise<T>;
  /** Returns how many rows were changed. */
  $executeRaw(query: TemplateStringsArray, ...values: unknown[]): Promise<number>;
};

/**
 * A transaction of a database that is asked without the Prisma client. Only here a value may be one of the arrays of
 * `binary-array.ts`: the Prisma client would send it as plain bytes.
 */
export type SqlTransaction = SqlDatabase & { readonly takesArrays: true };

/**
 * Opens a pool of at most `poolSize` connections without the Prisma client, which takes 70 MB and half a second at start.
 * Connections are made on first use.
 */
export function openSqlDatabase(
  databaseUrl: string,
  { poolSize }: { poolSize: number },
): SqlDatabase & { close(): Promise<void> } {
  const pool = openPool(databaseUrl, { poolSize });
  let closed: Promise<void> | undefined;
  return {
    ...askIn(pool),
    close: () => {
      closed ??= pool.end();
      return closed;
    },
  };
}

/** A pool whose connections are made on first use; a `connection_limit` of the URL goes before `poolSize`. */
export function openPool(databaseUrl: string, { poolSize }: { poolSize: number }): pg.Pool {
  const pool = new pg.Pool(poolConfig(databaseUrl, { max: poolSize }));
  // A connection that breaks while idle is replaced at the next query; without a listener it would end the process.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => bindInPieces(client.connection));
  return pool;
}

/**
 * Runs work in one transaction: committed when it resolves, rolled back when it rejects. One that takes longer than
 * `timeoutMs` loses its connection, and so is rolled back; its work rejects at its next query.
 */
export async function runInTransaction<T>(
  pool: pg.Pool,
  work: (sql: SqlTransaction) => Promise<T>,
  { timeoutMs }: { timeoutMs: number },
): Promise<T> {
  const client = await pool.connect();
  let isHeld = true;
  const release = (isBroken: boolean) => {
    if (isHeld) client.release(isBroken);
    isHeld = false;
    clearTimeout(timer);
  };
  // While it is ours, no one else listens, and a lost connection would end the process.
  const onError = () => release(true);
  client.on("error", onError);
  const timer = setTimeout(() => release(true), timeoutMs);
  try {
    await client.query("begin");
    const result = await work({ ...askIn(client), takesArrays: true });
    const { command } = await client.query("commit");
    // What Postgres makes of a commit after a query that failed.
    if (command !== "COMMIT") throw new Error("The transaction was rolled back.");
    release(false);
    return result;
  } catch (error) {
    if (isHeld)
      await client.query("rollback").then(
        () => release(false),
        () => release(true),
      );
    throw error;
  } finally {
    client.off("error", onError);
  }
}

/** Questions to a pool, or within whatever a connection is doing. */
export function askIn(asked: pg.Pool | pg.PoolClient): SqlDatabase {
  const ask = (query: TemplateStringsArray, values: unknown[]) =>
    asked.query({ text: toText(query), values, types: { getTypeParser } });
  return {
    $queryRaw: async <T>(query: TemplateStringsArray, ...values: unknown[]) =>
      asRows<T>((await ask(query, values)).rows),
    $executeRaw: async (query, ...values) => (await ask(query, values)).rowCount ?? 0,
  };
}

function toText(query: TemplateStringsArray): string {
  return query.reduce((text, part, index) => `${text}$${index}${part}`);
}

const getTypeParser: typeof pg.types.getTypeParser = (oid: number, format?: "text" | "binary") =>
  oid === pg.types.builtins.INT8 && format !== "binary"
    ? BigInt
    : pg.types.getTypeParser(oid, format === "binary" ? "binary" : "text");

/** The caller's SQL says what its rows are, as with Prisma's `$queryRaw`. */
function asRows<T>(rows: unknown): T {
  return rows as T;
}
