import { openSqlDatabase } from "@waxseal/db/sql";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import { watchSchema } from "./watch-schema.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

test("each app sees by its own role that the schema is older than it needs, until it is right", async () => {
  const newest = database.db.$queryRaw<{ name: string }[]>`
    select max(migration_name) as name from _prisma_migrations`;
  const name = (await newest)[0]?.name ?? "";
  await database.db
    .$executeRaw`update _prisma_migrations set finished_at = null where migration_name = ${name}`;
  const reason = "The database lacks one migration of this version. Run `waxseal db migrate`.";
  for (const app of ["policy-server", "nameserver", "report-ingest", "worker", "api"] as const) {
    const db = openSqlDatabase(await database.urlAs(app), { poolSize: 1 });
    expect([app, await watchSchema(db)()]).toEqual([app, reason]);
    await db.close();
  }
  const schema = watchSchema(database.db);
  expect(await schema()).toBe(reason);
  await database.db
    .$executeRaw`update _prisma_migrations set finished_at = now() where migration_name = ${name}`;
  const clock = vi.spyOn(performance, "now").mockReturnValue(performance.now() + 3_000);
  expect(await schema()).toBe(true);
  clock.mockRestore();
});

test("a schema that was right once takes no process out of service; a newer one is right; an away database is not judged", async () => {
  const { db } = database;
  await db.$executeRaw`
    insert into _prisma_migrations (id, checksum, migration_name, finished_at, started_at) values ('x', 'x', '29990101000000_newer', now(), now())`;
  const schema = watchSchema(db);
  expect(await schema()).toBe(true);
  await db.$executeRaw`alter table _prisma_migrations rename to moved_away`;
  const clock = vi.spyOn(performance, "now").mockReturnValue(performance.now() + 3_000);
  expect(await schema()).toBe(true);
  clock.mockRestore();
  expect(await watchSchema(db)()).toBe("The database has no schema yet. Run `waxseal db migrate`.");
  const away = openSqlDatabase("postgresql://nobody:x@127.0.0.1:1/nothing", { poolSize: 1 });
  expect(await watchSchema(away)()).toBe(true);
  await away.close();
});
