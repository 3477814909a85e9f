import { once } from "node:events";
import { createServer } from "node:net";
import pg from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/create-test-database.ts";
import { isDatabaseAway, isSerializationFailure } from "./classify-error.ts";
import { inSqlTransaction, openDatabase, sqlDatabase } from "./database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database?.drop());

/** What `work` throws. */
async function errorOf(work: () => PromiseLike<unknown>): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error("It did not fail.");
}

type Db = ReturnType<typeof openDatabase>;

/** Every way in which code asks the database. */
const WAYS: Record<string, (db: Db) => PromiseLike<unknown>> = {
  "a query": (db) => db.domain.findMany(),
  "a raw query": (db) => db.$queryRaw`select 1`,
  "a statement": (db) => db.$executeRaw`select 1`,
  "a batch": (db) => db.$transaction([db.domain.count(), db.user.count()]),
  "a transaction": (db) => db.$transaction((transaction) => transaction.domain.count()),
  "SQL without Prisma": (db) => sqlDatabase(db).$queryRaw`select 1`,
  "a transaction without Prisma": (db) =>
    inSqlTransaction(db, (sql) => sql.$queryRaw`select 1`, { timeoutMs: 5_000 }),
};

/** A server that does `answer` with every connection. */
async function startServer(
  answer: Parameters<typeof createServer>[1],
): Promise<{ url: string; stop(): void }> {
  const server = createServer(answer as never).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  return { url: `postgresql://a:b@127.0.0.1:${port}/c`, stop: () => server.close() };
}

/** An ErrorResponse of the protocol. */
function refusal(state: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${state}\0Msorry\0\0`);
  const head = Buffer.alloc(5, "E");
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

test.each(Object.entries(WAYS))("%s fails as away where nothing listens", async (_way, ask) => {
  const { url, stop } = await startServer(() => undefined);
  stop();
  const db = openDatabase(url);
  expect(isDatabaseAway(await errorOf(() => ask(db)))).toBe(true);
  await db.$disconnect();
});

test.each(Object.entries(WAYS))(
  "%s fails as away where a connection is closed or reset",
  async (_way, ask) => {
    const closing = await startServer((socket) => socket.end());
    const resetting = await startServer((socket) => socket.once("data", () => socket.resetAndDestroy()));
    for (const { url, stop } of [closing, resetting]) {
      const db = openDatabase(url);
      expect(isDatabaseAway(await errorOf(() => ask(db)))).toBe(true);
      await db.$disconnect();
      stop();
    }
  },
);

test.each(["08006", "57P01", "57P02", "57P03", "53300"])(
  "SQLSTATE %s is away, in every way",
  async (state) => {
    const { url, stop } = await startServer((socket) =>
      socket.once("data", () => socket.end(refusal(state))),
    );
    const db = openDatabase(url);
    for (const ask of Object.values(WAYS)) expect(isDatabaseAway(await errorOf(() => ask(db)))).toBe(true);
    await db.$disconnect();
    stop();
  },
);

test.each(Object.entries(WAYS))("%s fails as away when its backend is terminated", async (_way, ask) => {
  const db = openDatabase(database.databaseUrl, { poolSize: 1 });
  const end = () => db.$queryRaw`select pg_terminate_backend(pg_backend_pid())`;
  expect(isDatabaseAway(await errorOf(end))).toBe(true);
  // The pool replaces the connection.
  await ask(db);
  const inside = () =>
    db.$transaction(async (transaction) => {
      await transaction.$queryRaw`select pg_terminate_backend(pg_backend_pid())`.catch(() => undefined);
      await transaction.domain.count();
    });
  expect(isDatabaseAway(await errorOf(inside))).toBe(true);
  await db.$disconnect();
});

test("no free connection in the pool is away; a statement that is wrong is not", async () => {
  const db = openDatabase(database.databaseUrl, { poolSize: 1 });
  const wrong = [
    () => db.$queryRaw`select * from nothing_of_that_name`,
    () => db.$executeRaw`select 1/0`,
    () => sqlDatabase(db).$queryRaw`selec`,
    () => db.domain.findUniqueOrThrow({ where: { accountId_id: { accountId: "a", id: "b" } } }),
    () => fetch("http://127.0.0.1:1/"),
  ];
  for (const ask of wrong) expect(isDatabaseAway(await errorOf(ask))).toBe(false);
  const pool = new pg.Pool({ connectionString: database.databaseUrl, max: 1 });
  const held = await pool.connect();
  // Only from here on: on a busy machine the connection that takes the only place needs longer.
  pool.options.connectionTimeoutMillis = 50;
  const full = await errorOf(() => pool.query("select 1"));
  expect(full).toMatchObject({ message: "timeout exceeded when trying to connect" });
  expect(isDatabaseAway(full)).toBe(true);
  held.release(true);
  await pool.end();
  await db.$disconnect();
});

test("errors of mail servers and others are not database errors", () => {
  const reset = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
  expect(
    isDatabaseAway(Object.assign(new Error("x"), { code: "ESOCKET", command: "CONN", cause: reset })),
  ).toBe(false);
  expect(isDatabaseAway(new TypeError("fetch failed", { cause: reset }))).toBe(false);
  expect(isDatabaseAway(Object.assign(new Error("no such file"), { code: "ENOENT", syscall: "open" }))).toBe(
    false,
  );
  for (const value of [undefined, null, "ECONNRESET", 7]) expect(isDatabaseAway(value)).toBe(false);
  const round: { cause?: unknown } = {};
  round.cause = round;
  expect(isDatabaseAway(round)).toBe(false);
});

test("serialization failures and deadlocks are distinguished from other failures, in every way", async () => {
  const { db } = database;
  for (const state of ["40001", "40P01"]) {
    const raise = `do $$ begin raise exception 'x' using errcode = '${state}'; end $$`;
    const ways = [
      () => db.$executeRawUnsafe(raise),
      () => db.$transaction((transaction) => transaction.$executeRawUnsafe(raise)),
      () => inSqlTransaction(db, (sql) => sql.$executeRaw([raise] as never), { timeoutMs: 5_000 }),
    ];
    for (const ask of ways) {
      const error = await errorOf(ask);
      expect([isSerializationFailure(error), isDatabaseAway(error)]).toEqual([true, false]);
    }
  }
  expect(isSerializationFailure(await errorOf(() => db.$queryRaw`select 1/0`))).toBe(false);
  expect(isSerializationFailure(new Error("could not serialize access (40001)"))).toBe(false);
});
