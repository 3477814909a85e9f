import pg from "pg";

/**
 * A database that is only asked in SQL: the Prisma client is one, and so is what `openSqlDatabase` opens.
 * Values become parameters; `bigint` columns are read as bigint, instants as Date.
 */
export type SqlDatabase = {
  $queryRaw<T>(query: TemplateStringsArray, ...values: unknown[]): Promise<T>;
  /** Returns how many rows were changed. */
  $executeRaw(query: TemplateStringsArray, ...values: unknown[]): Promise<number>;
};

/**
 * Opens a pool of at most `poolSize` connections without the Prisma client, which takes 70 MB and half a second at start.
 * Connections are made on first use.
 */
export function openSqlDatabase(
  databaseUrl: string,
  { poolSize }: { poolSize: number },
): SqlDatabase & { close(): Promise<void> } {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: poolSize,
    connectionTimeoutMillis: 5_000,
    types: { getTypeParser },
  });
  let closed: Promise<void> | undefined;
  // A connection that breaks while idle is replaced at the next query; without a listener it would end the process.
  pool.on("error", () => undefined);
  return {
    $queryRaw: async <T>(query: TemplateStringsArray, ...values: unknown[]) =>
      asRows<T>((await pool.query(toText(query), values)).rows),
    $executeRaw: async (query, ...values) => (await pool.query(toText(query), values)).rowCount ?? 0,
    close: () => {
      closed ??= pool.end();
      return closed;
    },
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
