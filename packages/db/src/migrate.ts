import { readFile } from "node:fs/promises";
import { runMigrations } from "graphile-worker";
import pg from "pg";
import { requireSuitableDatabase } from "./check-database.ts";
import { createClient, poolConfig } from "./connect.ts";
import { listMigrations, MIGRATIONS_DIR } from "./find-missing-migrations.ts";
import { everyTable, withSchemaEngine } from "./schema-engine.ts";

/** Any constant serves: two processes starting together take turns. */
const MIGRATION_LOCK = 7_218_461;

/**
 * Brings a database to the schema of this version: tables, then the job queue's own schema.
 * Safe to run from several processes at once and on a database that is already current.
 * Returns the names of the migrations that were applied now.
 * @throws UnsuitableDatabase before anything is changed: an encoding other than UTF8, a Postgres without ICU or too old
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  await requireSuitableDatabase(databaseUrl);
  const lock = createClient(databaseUrl);
  await lock.connect();
  try {
    await lock.query("select pg_advisory_lock($1)", [MIGRATION_LOCK]);
    const applied = await applyMigrations(databaseUrl);
    await migrateQueue(databaseUrl);
    return applied;
  } finally {
    await lock.end();
  }
}

async function migrateQueue(databaseUrl: string): Promise<void> {
  const pgPool = new pg.Pool(poolConfig(databaseUrl, { max: 2, isDirect: true }));
  // graphile-worker asks for both.
  pgPool.on("error", () => undefined);
  pgPool.on("connect", (client) => client.on("error", () => undefined));
  await runMigrations({ pgPool }).finally(() => pgPool.end());
}

/** Reports that have a database of their own, and are not in it; the message says what to do. */
export class ReportsNotMoved extends Error {
  override name = "ReportsNotMoved";
}

/**
 * {@link migrate} for state, and for the database of the reports where it is another. Returns what was applied to either.
 * @throws ReportsNotMoved reports are still in the database of state, and none in their own: they were not moved yet
 */
export async function migrateBoth(
  databaseUrl: string,
  reportsDatabaseUrl: string | undefined,
): Promise<string[]> {
  const applied = await migrate(databaseUrl);
  if (reportsDatabaseUrl === undefined || reportsDatabaseUrl === databaseUrl) return applied;
  const also = await migrate(reportsDatabaseUrl);
  if ((await holdsReports(databaseUrl)) && !(await holdsReports(reportsDatabaseUrl)))
    throw new ReportsNotMoved(
      "The reports of this installation are still in DATABASE_URL. Move them to REPORTS_DATABASE_URL first (README, Past one machine), or unset it.",
    );
  return [...new Set([...applied, ...also])];
}

async function holdsReports(databaseUrl: string): Promise<boolean> {
  const client = createClient(databaseUrl);
  await client.connect();
  try {
    const tables = ["report_message", "tls_report", "tls_daily_sessions"];
    const any = tables.map((table) => `exists (select from ${table})`).join(" or ");
    const { rows } = await client.query<{ any: boolean }>(`select ${any} as any`);
    return rows[0]?.any ?? false;
  } finally {
    await client.end();
  }
}

async function applyMigrations(databaseUrl: string): Promise<string[]> {
  const migrationsList = await readMigrations();
  const result = await withSchemaEngine(databaseUrl, (engine) =>
    engine.applyMigrations({ migrationsList, filters: everyTable }),
  );
  return result.appliedMigrationNames;
}

/** The migrations folder in the shape the schema engine takes. */
async function readMigrations() {
  return {
    baseDir: MIGRATIONS_DIR,
    shadowDbInitScript: "",
    lockfile: { path: "migration_lock.toml", content: 'provider = "postgresql"\n' },
    migrationDirectories: await Promise.all(
      listMigrations().map(async (path) => ({
        path,
        migrationFile: {
          path: "migration.sql",
          content: {
            tag: "ok" as const,
            value: await readFile(`${MIGRATIONS_DIR}/${path}/migration.sql`, "utf8"),
          },
        },
      })),
    ),
  };
}
