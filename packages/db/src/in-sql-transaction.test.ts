import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/create-test-database.ts";
import { inSqlTransaction, openDatabase } from "./database.ts";
import type { SqlTransaction } from "./open-sql-database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database?.drop());

const run = <T>(work: (sql: SqlTransaction) => Promise<T>, timeoutMs = 10_000) =>
  inSqlTransaction(database.db, work, { timeoutMs });
const insert = (sql: SqlTransaction, token: string) => sql.$executeRaw`
  insert into acme_challenge (token, key_authorization, host, expires_at) values (${token}, '', '', now())`;
const isThere = async (token: string) => (await database.db.acmeChallenge.count({ where: { token } })) === 1;
const isOpen = (pid: number | undefined) =>
  database.db.$queryRaw<unknown[]>`select 1 from pg_stat_activity where pid = ${pid}::int`;
const backend = async (sql: SqlTransaction) =>
  (await sql.$queryRaw<{ pid: number }[]>`select pg_backend_pid() as pid`)[0]?.pid;

test("work that resolves is committed, and work that rejects is rolled back", async () => {
  expect(await run((sql) => insert(sql, "kept"))).toBe(1);
  const failing = run(async (sql) => {
    await insert(sql, "lost");
    throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");
  expect([await isThere("kept"), await isThere("lost")]).toEqual([true, false]);
});

test("work that passes over a failed query is not taken for committed", async () => {
  const careless = run(async (sql) => {
    await insert(sql, "careless");
    await sql.$executeRaw`select 1 / 0`.catch(() => undefined);
  });
  await expect(careless).rejects.toThrow("rolled back");
  expect(await isThere("careless")).toBe(false);
});

test("one that takes too long is ended, and its connection is not used again", async () => {
  let pid: number | undefined;
  const slow = run(async (sql) => {
    pid = await backend(sql);
    await insert(sql, "slow");
    return sql.$queryRaw`select pg_sleep(30)`;
  }, 200);
  await expect(slow).rejects.toThrow();
  expect(await isThere("slow")).toBe(false);
  expect(await run(backend)).not.toBe(pid);
});

test("a connection that is lost in the middle fails the work and nothing else", async () => {
  const lost = run(async (sql) => {
    const pid = await backend(sql);
    await insert(sql, "cut");
    await database.db.$queryRaw`select pg_terminate_backend(${pid}::int)`;
    await expect.poll(() => isOpen(pid)).toEqual([]);
    await insert(sql, "cut too");
  });
  await expect(lost).rejects.toThrow();
  expect(await isThere("cut")).toBe(false);
  expect(await run((sql) => insert(sql, "after"))).toBe(1);
});

test("a database that was only asked this way closes with its client", async () => {
  const own = openDatabase(database.databaseUrl, { poolSize: 1 });
  const pid = await inSqlTransaction(own, backend, { timeoutMs: 10_000 });
  await own.$disconnect();
  await expect.poll(() => isOpen(pid)).toEqual([]);
});
