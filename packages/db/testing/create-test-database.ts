import { randomBytes } from "node:crypto";
import pg from "pg";
import { type ConfinedApp, setAppRole } from "../src/app-roles.ts";
import { type Database, openDatabase } from "../src/database.ts";

export type TestDatabase = {
  db: Database;
  databaseUrl: string;
  /** The same database with no more rights than that app has in production. */
  urlAs(app: ConfinedApp): Promise<string>;
  drop(): Promise<void>;
};

/**
 * A fresh, migrated database of its own, cloned from the template. Pass
 * `inject("templateDatabaseUrl")` of vitest.
 */
export async function createTestDatabase(templateDatabaseUrl: string): Promise<TestDatabase> {
  const template = new URL(templateDatabaseUrl);
  const name = `test_${randomBytes(6).toString("hex")}`;
  await asAdmin(template, (client) =>
    client.query(`create database ${name} template ${client.escapeIdentifier(template.pathname.slice(1))}`),
  );
  const own = new URL(template);
  own.pathname = `/${name}`;
  const db = openDatabase(own.href);
  return {
    db,
    databaseUrl: own.href,
    urlAs: async (app) => {
      // Roles belong to the whole server, which other test files use at the same time.
      const [role, password] = [`${name}_${app.replace("-", "_")}`, randomBytes(16).toString("hex")];
      await setAppRole(own.href, { app, password, role });
      return Object.assign(new URL(own), { username: role, password }).href;
    },
    drop: async () => {
      await db.$disconnect();
      await asAdmin(template, (client) => client.query(`drop database if exists ${name} with (force)`));
    },
  };
}

async function asAdmin(template: URL, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const admin = new URL(template);
  admin.pathname = "/postgres";
  const client = new pg.Client({ connectionString: admin.href });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
