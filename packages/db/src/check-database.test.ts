import pg from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type DatabaseTraits, explainUnsuitable, readDatabaseTraits } from "./check-database.ts";
import { explainDatabaseError } from "./explain-database-error.ts";
import { migrate } from "./migrate.ts";
import { planMigrations } from "./plan-migrations.ts";

const right: DatabaseTraits = {
  name: "waxseal",
  version: 150008,
  encoding: "UTF8",
  hasIcu: true,
  collation: { built: "2.36", used: "2.36" },
};

test.each<[string, Partial<DatabaseTraits>, RegExp | undefined]>([
  ["a database as Debian makes it in a UTF-8 locale", {}, undefined],
  ["the newest Postgres", { version: 180006 }, undefined],
  ["a cluster that was made without a locale", { encoding: "SQL_ASCII" }, /encoding SQL_ASCII.*createdb/],
  ["an old encoding", { encoding: "LATIN1" }, /encoding LATIN1.*needs UTF8/],
  ["an old Postgres", { version: 140011 }, /Postgres 14\..*15 or newer/],
  ["a Postgres without ICU", { hasIcu: false }, /without ICU/],
])("%s: what hinders, and what to do", (_what, traits, words) => {
  const text = explainUnsuitable({ ...right, ...traits });
  expect(text ?? "suitable").toMatch(words ?? /^suitable$/);
});

const name = `ascii_${process.pid}_${Date.now()}`;
const urlOf = (database: string) =>
  Object.assign(new URL(inject("templateDatabaseUrl")), { pathname: `/${database}` }).href;

async function asAdmin(sql: string): Promise<void> {
  const client = new pg.Client(urlOf("postgres"));
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

beforeAll(() => asAdmin(`create database ${name} template template0 encoding SQL_ASCII locale 'C'`));
afterAll(() => asAdmin(`drop database if exists ${name} with (force)`));

test("a database with SQL_ASCII is refused in words before anything is made in it, by the plan too", async () => {
  const url = urlOf(name);
  for (const refuse of [migrate, planMigrations]) {
    const error = await refuse(url).catch((thrown: unknown) => thrown);
    expect(explainDatabaseError(error, url)).toMatch(
      new RegExp(`The database ${name} has the encoding SQL_ASCII`),
    );
  }
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query(
    "select from pg_tables where schemaname not in ('pg_catalog', 'information_schema')",
  );
  await client.end();
  expect(rows).toHaveLength(0);
});

test("the traits of a database with this schema are read, and suit", async () => {
  const traits = await readDatabaseTraits(inject("templateDatabaseUrl"));
  expect(traits).toMatchObject({ encoding: "UTF8", hasIcu: true });
  expect(explainUnsuitable(traits)).toBeUndefined();
});
