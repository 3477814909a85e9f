import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:net";
import pg from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/create-test-database.ts";
import { startTestPostgresProxy } from "../testing/start-test-postgres-proxy.ts";
import { isDatabaseAway } from "./classify-error.ts";
import { createClient, poolConfig } from "./connect.ts";
import { openDatabase } from "./database.ts";
import { listen } from "./listen.ts";

let database: TestDatabase;
/** Takes connections and says nothing. */
let silent: Server;
let silentHost: string;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const address = silent.address();
  silentHost = `127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
});
afterAll(async () => {
  silent.close();
  await database.drop();
});

const REFUSES = "127.0.0.1:1";
/** The test's database with other hosts, or another user. */
function urlWith(hosts: string, { user, query = "" }: { user?: string; query?: string } = {}): string {
  const { username, password, pathname } = new URL(database.databaseUrl);
  return `postgresql://${user ?? `${username}:${password}`}@${hosts}${pathname}${query}`;
}
const there = () => new URL(database.databaseUrl).host;

/** A role whose sessions accept only reads, as those of a standby. */
async function addReader(): Promise<string> {
  const role = `reader_${randomBytes(6).toString("hex")}`;
  await database.db.$executeRawUnsafe(`create role ${role} login password 'x'`);
  await database.db.$executeRawUnsafe(`alter role ${role} set default_transaction_read_only = on`);
  return role;
}

test("every kind of connection finds the server that accepts writes, past one that refuses and one that says nothing", async () => {
  const url = urlWith(`${REFUSES},${silentHost},${there()}`, { query: "?target_session_attrs=read-write" });
  const db = openDatabase(url, { poolSize: 2 });
  expect(await db.domain.count()).toBe(0);
  await db.$disconnect();
  const client = createClient(url);
  await client.connect();
  expect((await client.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  await client.end();
  const pool = new pg.Pool(poolConfig(url, { max: 1, isDirect: true }));
  expect((await pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  await pool.end();
  const heard = new Promise<string>((resolve) => {
    const stop = listen(url, "test", {
      onNotify: (payload) => void stop().then(() => resolve(payload)),
      onConnect: () => void database.db.$executeRaw`select pg_notify('test', 'heard')`.then(),
    });
  });
  expect(await heard).toBe("heard");
});

test("servers that accept only reads are no primary: the database is away, until one accepts writes", async () => {
  const reader = await addReader();
  const url = urlWith(there(), { user: `${reader}:x`, query: "?target_session_attrs=read-write" });
  const refused = await createClient(url)
    .connect()
    .catch((error: unknown) => error);
  expect(refused).toMatchObject({ name: "NoPrimary", code: "57P03" });
  expect(isDatabaseAway(refused)).toBe(true);
  await database.db.$executeRawUnsafe(`alter role ${reader} reset default_transaction_read_only`);
  const client = createClient(url);
  await client.connect();
  await client.end();
  await database.db.$executeRawUnsafe(`drop role ${reader}`);
});

test("a pool goes to the other server when its own is lost", async () => {
  const first = await startTestPostgresProxy(database.databaseUrl);
  const url = urlWith(`${new URL(first.databaseUrl).host},${REFUSES}`);
  const pool = new pg.Pool(poolConfig(url, { max: 1 }));
  pool.on("error", () => undefined);
  await pool.query("select 1");
  await first.stop();
  await expect(pool.query("select 1")).rejects.toThrow();
  await expect.poll(() => pool.query("select 1").then(() => "there", isDatabaseAway)).toBe(true);
  await pool.end();
});

test("a wrong password is named, whatever else is away", async () => {
  const wrong = createClient(urlWith(`${REFUSES},${there()}`, { user: "waxseal:wrong" }));
  await expect(wrong.connect()).rejects.toMatchObject({ code: "28P01" });
});

test("a password of any characters opens a connection, also unencoded", async () => {
  const role = `any_${randomBytes(6).toString("hex")}`;
  const password = "p@ss/w:o?r#d %off' $&+=";
  await database.db.$executeRawUnsafe(`create role ${role} login password 'p@ss/w:o?r#d %off'' $&+='`);
  for (const written of [password, encodeURIComponent(password)]) {
    const client = createClient(urlWith(there(), { user: `${role}:${written}` }));
    await client.connect();
    await client.end();
  }
  await database.db.$executeRawUnsafe(`drop role ${role}`);
});

test("a limit of the URL is that of each pool", async () => {
  const pool = new pg.Pool(poolConfig(urlWith(there(), { query: "?connection_limit=1" }), { max: 10 }));
  const held = await pool.connect();
  const second = pool.connect();
  expect(pool.waitingCount).toBe(1);
  held.release();
  (await second).release();
  await pool.end();
});
