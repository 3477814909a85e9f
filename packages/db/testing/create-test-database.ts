import { randomBytes } from "node:crypto";
import pg from "pg";
import { type ConfinedApp, setAppRole } from "../src/app-roles.ts";
import { type Database, openDatabase, type ReportsDatabase, reportsOf } from "../src/database.ts";
import { REPORT_TABLES } from "../src/report-tables.ts";
import { emptyTestDatabase, isSame, readShape, type Shape } from "./empty-test-database.ts";

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

/** A copy of the template, and what was made in it that the next file may use as well. */
type Copy = { name: string; shape: Shape; roles: Map<ConfinedApp, { role: string; password: string }> };

/** Copies that earlier files of this process dropped, now without a row. To make one costs ten times what emptying it does. */
const emptied: Copy[] = [];

/**
 * A migrated database of its own without a row: a copy of the template, or one that an earlier file dropped, under a new name. Pass
 * `inject("templateDatabaseUrl")` of vitest. With `isSplit`, or TEST_DATABASES=2, reports have a second one.
 */
export async function createTestDatabase(
  templateDatabaseUrl: string,
  { isSplit = process.env.TEST_DATABASES === "2" }: { isSplit?: boolean } = {},
): Promise<TestDatabase> {
  const urlOf = (database: string) =>
    Object.assign(new URL(templateDatabaseUrl), { pathname: `/${database}` }).href;
  const asAdmin = (statement: string) => asClient(urlOf("postgres"), (client) => client.query(statement));
  const name = `test_${randomBytes(6).toString("hex")}`;
  const [databaseUrl, reportsDatabaseUrl] = [urlOf(name), urlOf(isSplit ? `${name}_reports` : name)];
  const source = `template "${new URL(templateDatabaseUrl).pathname.slice(1)}" strategy file_copy`;

  const reused = isSplit ? undefined : emptied.pop();
  if (reused) await asAdmin(`alter database ${reused.name} rename to ${name}`);
  else await asAdmin(`create database ${name} ${source}`);
  if (isSplit) {
    await asAdmin(`create database ${name}_reports ${source}`);
    await removeOtherTables(databaseUrl, reportsDatabaseUrl);
  }
  const shape = reused?.shape ?? (await asClient(databaseUrl, readShape));
  const copy: Copy = { roles: new Map(), ...reused, name, shape };
  const db = openDatabase(databaseUrl, { reportsDatabaseUrl });

  const urlsAs = async (app: ConfinedApp) => {
    const known = copy.roles.get(app) ?? (await addRole(app));
    const asRole = (url: string) =>
      Object.assign(new URL(url), { username: known.role, password: known.password }).href;
    return { databaseUrl: asRole(databaseUrl), reportsDatabaseUrl: asRole(reportsDatabaseUrl) };
  };

  /** Roles belong to the whole server, which other test files use at the same time. */
  const addRole = async (app: ConfinedApp) => {
    const added = { role: `${name}_${app.replace("-", "_")}`, password: randomBytes(16).toString("hex") };
    const isUnchanged = isSame(await asClient(databaseUrl, readShape), copy.shape);
    await setAppRole(databaseUrl, { app, ...added, ...(isSplit && { part: "state" }) });
    if (isSplit) await setAppRole(reportsDatabaseUrl, { app, ...added, part: "reports" });
    if (isUnchanged) copy.shape = await asClient(databaseUrl, readShape);
    copy.roles.set(app, added);
    return added;
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
      // Where a test broke the schema, the shape cannot even be read.
      const isEmpty =
        !isSplit &&
        (await asClient(databaseUrl, (client) => emptyTestDatabase(client, copy.shape)).catch(() => false));
      if (isEmpty) emptied.push(copy);
      else await asAdmin(`drop database if exists ${name} with (force)`);
      if (isSplit) await asAdmin(`drop database if exists ${name}_reports with (force)`);
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

async function asClient<T>(connectionString: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
