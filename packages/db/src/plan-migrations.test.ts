import { expect, inject, test } from "vitest";
import { createTestDatabase } from "../testing/create-test-database.ts";
import { planMigrations, planScript } from "./plan-migrations.ts";

const rowsOf = (table: string) => ({ event: 2_000_000, domain: 50_000 })[table] ?? 0;

test.each([
  ['CREATE INDEX "event_at" ON "event"("at");', "builds an index on event", 5, true],
  ['CREATE UNIQUE INDEX CONCURRENTLY "e" ON "event"("at");', "builds an index on event", 5, false],
  ["-- why\nUPDATE event SET kind = 'x; y' WHERE kind = 'z';", "changes rows of event", 14, false],
  ['DELETE FROM "event";', "deletes rows of event", 14, false],
  ["INSERT INTO x (a)\nSELECT a FROM event GROUP BY 1;", "reads event", 14, false],
  ['ALTER TABLE "event" ALTER COLUMN "at" TYPE date;', "rewrites or checks event", 14, true],
  ['ALTER TABLE "event" ALTER COLUMN "at" SET NOT NULL;', "checks event", 2, true],
  ['ALTER TABLE "domain" ADD CONSTRAINT "c" CHECK (a > 0);', "checks domain", 1, true],
])("%s takes time that is estimated from the rows there are", (sql, text, seconds, blocksWrites) => {
  const [step, ...more] = planScript(sql, rowsOf);
  expect([`${step?.what} ${step?.table}`, step?.estimatedSeconds, step?.blocksWrites]).toEqual([
    text,
    seconds,
    blocksWrites,
  ]);
  expect(more).toEqual([]);
});

test.each([
  'ALTER TABLE "event" ADD COLUMN "x" TEXT;',
  'CREATE TABLE "y" ("a" INT);',
  'ALTER TABLE "event" ADD CONSTRAINT "c" CHECK (a > 0) NOT VALID;',
  "CREATE INDEX i ON empty(a);",
  "CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN UPDATE event SET x = 1; END $$ LANGUAGE plpgsql;",
])("%s is done at once", (sql) => {
  expect(planScript(sql, rowsOf)).toEqual([]);
});

test("the plan names the migrations that the database lacks, and nothing for one that is current", async () => {
  const { db, databaseUrl, drop } = await createTestDatabase(inject("templateDatabaseUrl"));
  expect(await planMigrations(databaseUrl)).toEqual([]);
  await db.$executeRaw`delete from _prisma_migrations where migration_name like '%_outgoing_mail'`;
  expect(await planMigrations(databaseUrl)).toEqual([
    { name: expect.stringMatching(/_outgoing_mail$/), steps: [] },
  ]);
  await drop();
});
