import pg from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/create-test-database.ts";
import { everyTable, withSchemaEngine } from "./schema-engine.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

/** Applies one more migration than there are. */
function apply(sql: string): Promise<unknown> {
  const migrationsList = {
    baseDir: "",
    shadowDbInitScript: "",
    lockfile: { path: "migration_lock.toml", content: 'provider = "postgresql"\n' },
    migrationDirectories: [
      {
        path: "99999999999999_test",
        migrationFile: { path: "migration.sql", content: { tag: "ok" as const, value: sql } },
      },
    ],
  };
  return withSchemaEngine(database.databaseUrl, async (engine) => {
    await database.db.$executeRaw`delete from _prisma_migrations`;
    return engine.applyMigrations({ migrationsList, filters: everyTable });
  });
}

async function openTransaction(sql: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.databaseUrl });
  await client.connect();
  await client.query(`begin; ${sql}`);
  return client;
}

test("a migration that has to wait for a long transaction lets everyone else through meanwhile, and then goes on", async () => {
  const long = await openTransaction("select count(*) from domain");
  const applied = apply('alter table "domain" add column "test_wait" text');
  const isWaiting = async () => {
    const [row] = await database.db.$queryRaw<{ n: number }[]>`
      select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and query like '%test_wait%'`;
    return row?.n;
  };
  await expect.poll(isWaiting, { interval: 20 }).toBe(1);
  // Queued behind the migration until it gives way.
  expect(await database.db.domain.count()).toBe(0);
  await long.query("commit");
  await long.end();
  await applied;
  const columns = await database.db.$queryRaw`
    select from information_schema.columns where table_name = 'domain' and column_name = 'test_wait'`;
  expect(columns).toHaveLength(1);
});

test("a migration builds an index concurrently: writes to the table go on, and it waits for an older one", async () => {
  const writing = await openTransaction("lock table saved_filter in row exclusive mode");
  const applied = apply('create index concurrently "test_online" on "saved_filter" ("name")');
  const isBuilding = async () => {
    const [row] = await database.db.$queryRaw<
      { n: number }[]
    >`select count(*)::int as n from pg_stat_progress_create_index`;
    return row?.n;
  };
  await expect.poll(isBuilding, { interval: 20 }).toBe(1);
  expect(await database.db.$executeRaw`update saved_filter set name = name`).toBe(0);
  await writing.query("commit");
  await writing.end();
  await applied;
  expect(await database.db.$queryRaw`select from pg_indexes where indexname = 'test_online'`).toHaveLength(1);
});
