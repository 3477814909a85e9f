import { planScript } from "@waxseal/db";
import { expect, test } from "vitest";
import { listFiles, readText } from "./repo-files.ts";

/** The last migration of 0.2.0. Its code runs on the schema of every later one until the next release. */
const LAST_OF_RELEASE = "20261129084500_departures";

const LATER = listFiles().flatMap((path) => {
  const name = /^prisma\/migrations\/(\d+_\w+)\/migration\.sql$/.exec(path)?.[1];
  return name && name > LAST_OF_RELEASE ? [name] : [];
});

/** What breaks the code of the release before, which still runs: it reads and writes without knowing of the change. */
const CONTRACTS: readonly [RegExp, string][] = [
  [/\bdrop (table|column|type|view)\b/i, "drops what the last release may read"],
  [/\brename\b/i, "renames what the last release reads"],
  [/\balter column \S+ (set data )?type\b/i, "changes the type of a column"],
  [/\balter column \S+ set not null\b/i, "requires a value that the last release does not write"],
  [/\balter column \S+ drop default\b/i, "requires a value that the last release does not write"],
  [/\badd column (if not exists )?\S+ (?!.*\bdefault\b)[^,;]*\bnot null\b/i, "requires a new value"],
];

const withoutComments = (sql: string) => sql.replaceAll(/--.*$/gm, "");

function findContracts(sql: string): string[] {
  const statements = withoutComments(sql).split(/[;,]\s*\n/);
  return CONTRACTS.flatMap(([form, what]) => (statements.some((one) => form.test(one)) ? [what] : []));
}

/** Steps that hold up writes to a table that may be large; one that the migration creates itself is empty. */
function findPauses(sql: string): string[] {
  const created = [...withoutComments(sql).matchAll(/create table (?:if not exists )?"?(\w+)/gi)].map(
    ([, table = ""]) => table.toLowerCase(),
  );
  return planScript(sql, () => 10_000_000)
    .filter(({ blocksWrites, table }) => blocksWrites && !created.includes(table))
    .map(({ what, table }) => `${what} ${table} while writes wait`);
}

test.each(LATER)("%s: code of the last release runs on its schema, and no write waits for it", (name) => {
  const sql = readText(`prisma/migrations/${name}/migration.sql`);
  expect([...findContracts(sql), ...findPauses(sql)]).toEqual([]);
  // Postgres refuses it inside a transaction, which several statements are.
  if (/\bconcurrently\b/i.test(sql)) expect(withoutComments(sql).trim().split(";")).toHaveLength(2);
});

test.each([
  'ALTER TABLE "domain" DROP COLUMN "x";',
  'ALTER TABLE "domain" RENAME COLUMN "x" TO "y";',
  'ALTER TABLE "domain" ADD COLUMN "x" TEXT NOT NULL;',
  'ALTER TABLE "domain" ADD COLUMN "x" TEXT,\nADD COLUMN "y" TEXT NOT NULL;',
  'ALTER TABLE "event" ALTER COLUMN "at" SET NOT NULL;',
  'ALTER TABLE "event" ALTER COLUMN "at" TYPE date;',
  'CREATE INDEX "e" ON "event"("at");',
])("a migration that says %s is refused", (sql) => {
  expect([...findContracts(sql), ...findPauses(sql)]).not.toEqual([]);
});

test.each([
  'ALTER TABLE "domain" ADD COLUMN "x" TEXT NOT NULL DEFAULT \'\';',
  'CREATE INDEX CONCURRENTLY "e" ON "event"("at");',
  'CREATE TABLE "x" ("a" INT NOT NULL);\nCREATE INDEX "x_a" ON "x"("a");',
])("a migration that says %s is accepted", (sql) => {
  expect([...findContracts(sql), ...findPauses(sql)]).toEqual([]);
});
