import { type Database, Prisma } from "@waxseal/db";

/** A query as it was sent, and how long its answer took. */
export type SlowQuery = { query: Prisma.Sql; ms: number };

/** A database that remembers the slowest of its raw queries, and has Postgres explain one. */
export function recordQueries(db: Database): {
  db: Database;
  slowest(): SlowQuery | undefined;
  explain(query: SlowQuery): Promise<string[]>;
} {
  let slowest: SlowQuery | undefined;
  const queryRaw = async (strings: TemplateStringsArray, ...values: unknown[]) => {
    const start = performance.now();
    const answer = await db.$queryRaw(strings, ...values);
    const ms = performance.now() - start;
    if (ms > (slowest?.ms ?? 0)) slowest = { query: Prisma.sql(strings, ...values), ms };
    return answer;
  };
  const recording = new Proxy(db, {
    get: (target, name) => (name === "$queryRaw" ? queryRaw : Reflect.get(target, name)),
  });
  return {
    db: recording,
    slowest: () => slowest,
    explain: async ({ query }) => {
      const sql = `explain (analyze, buffers) ${query.text}`;
      const rows = await db.$queryRawUnsafe<{ "QUERY PLAN": string }[]>(sql, ...query.values);
      return rows.map((row) => row["QUERY PLAN"]);
    },
  };
}
