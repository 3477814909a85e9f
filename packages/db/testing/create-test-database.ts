import { randomBytes } from "node:crypto";
import pg from "pg";
import { type ConfinedApp, setAppRole } from "../src/app-roles.ts";
import { type Database, openDatabase, type ReportsDatabase, reportsOf } from "../src/database.ts";
import { REPORT_TABLES } from "../src/report-tables.ts";

export type TestDatabase = {
  db: Database;
  /** The tables of reports: the same database, or one of their own where the run has two. */
  reports: ReportsDatabase;
  databaseUrl: string;
  /** As `databaseUrl`, unless the run has two databases. */
  reportsDatabaseUrl: string;
  /** The same database with no more rights than that app has in production. */
  urlAs(app: ConfinedApp): Promise<string>;
  /** Both databases, likewise. */
  urlsAs(app: ConfinedApp): Promise<{ databaseUrl: string; reportsDatabaseUrl: string }>;
  drop(): Promise<void>;
};

/**
 * A fresh, migrated database of its own, cloned from the template. Pass
 * `inject("templateDatabaseUrl")` of vitest. With `isSplit`, or TEST_DATABASES=2, reports have a second one.
 */
export async function createTestDatabase(
  templateDatabaseUrl: string,
  { isSplit = process.env.TEST_DATABASES === "2" }: { isSplit?: boolean } = {},
): Promise<TestDatabase> {
  const template = new URL(templateDatabaseUrl);
  const name = `test_${randomBytes(6).toString("hex")}`;
  const names = isSplit ? [name, `${name}_reports`] : [name];
  for (const each of names)
    await asAdmin(template, (client) =>
      client.query(
        `create database ${each} template ${client.escapeIdentifier(template.pathname.slice(1))} strategy file_copy`,
      ),
    );
  const urlOf = (database: string) => Object.assign(new URL(template), { pathname: `/${database}` }).href;
  const databaseUrl = urlOf(name);
  const reportsDatabaseUrl = urlOf(names.at(-1) ?? name);
  if (isSplit) await removeOtherTables(databaseUrl, reportsDatabaseUrl);
  const db = openDatabase(databaseUrl, { reportsDatabaseUrl });
  const urlsAs = async (app: ConfinedApp) => {
    // Roles belong to the whole server, which other test files use at the same time.
    const [role, password] = [`${name}_${app.replace("-", "_")}`, randomBytes(16).toString("hex")];
    const asApp = (url: string) => Object.assign(new URL(url), { username: role, password }).href;
    await setAppRole(databaseUrl, { app, password, role, ...(isSplit && { part: "state" }) });
    if (isSplit) await setAppRole(reportsDatabaseUrl, { app, password, role, part: "reports" });
    return { databaseUrl: asApp(databaseUrl), reportsDatabaseUrl: asApp(reportsDatabaseUrl) };
  };
  return {
    db,
    reports: reportsOf(db),
    databaseUrl,
    reportsDatabaseUrl,
    urlAs: async (app) => (await urlsAs(app)).databaseUrl,
    urlsAs,
    drop: async () => {
      await db.$disconnect();
      for (const each of names)
        await asAdmin(template, (client) => client.query(`drop database if exists ${each} with (force)`));
    },
  };
}

/** In production the tables that a database does not use are there, and empty. Here a statement that asks the wrong one fails. */
async function removeOtherTables(databaseUrl: string, reportsDatabaseUrl: string): Promise<void> {
  await asClient(databaseUrl, (client) => client.query(`drop table ${REPORT_TABLES.join(", ")} cascade`));
  await asClient(reportsDatabaseUrl, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `select quote_ident(relname) as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
         and not relispartition and relname <> '_prisma_migrations' and not (relname = any($1))`,
      [REPORT_TABLES],
    );
    await client.query(`drop table ${rows.map(({ name }) => name).join(", ")} cascade`);
  });
}

function asAdmin(template: URL, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  return asClient(Object.assign(new URL(template), { pathname: "/postgres" }).href, work);
}

async function asClient(
  connectionString: string,
  work: (client: pg.Client) => Promise<unknown>,
): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
