import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/create-test-database.ts";
import { openSqlDatabase, type SqlDatabase } from "./open-sql-database.ts";

let database: TestDatabase;
let db: ReturnType<typeof openSqlDatabase>;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  db = openSqlDatabase(database.databaseUrl, { poolSize: 2 });
});
afterAll(async () => {
  await db?.close();
  await database?.drop();
});

const AT = new Date("2026-01-02T03:04:05.678Z");

async function askForTypes(asked: SqlDatabase): Promise<unknown> {
  return asked.$queryRaw`
    select ${9_007_199_254_740_993n}::bigint as big, ${7}::int as small, ${AT}::timestamptz as at,
           ${["a", `b"',{}`]}::text[] as texts, ${[AT]}::timestamptz[] as instants, 'policy'::serving_node_kind::text as kind`;
}

test("columns and parameters have the types that they have with the Prisma client", async () => {
  const rows = await askForTypes(db);
  expect(rows).toEqual([
    {
      big: 9_007_199_254_740_993n,
      small: 7,
      at: AT,
      texts: ["a", `b"',{}`],
      instants: [AT],
      kind: "policy",
    },
  ]);
  expect(rows).toEqual(await askForTypes(database.db));
});

test("a statement says how many rows it changed, and values are never part of its text", async () => {
  const insert = (token: string) => db.$executeRaw`
    insert into acme_challenge (token, key_authorization, host, expires_at)
    values (${token}, ${"'); drop table acme_challenge; --"}, ${"mta-sts.example.com"}, ${AT})`;
  expect(await insert("one")).toBe(1);
  expect(await insert("two")).toBe(1);
  expect(await db.$executeRaw`delete from acme_challenge where expires_at = ${AT}`).toBe(2);
});
