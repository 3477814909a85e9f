import { readFile } from "node:fs/promises";
import { runMigrations } from "graphile-worker";
import pg from "pg";
import { listMigrations, MIGRATIONS_DIR } from "./find-missing-migrations.ts";
import { everyTable, withSchemaEngine } from "./schema-engine.ts";

/** Any constant serves: two processes starting together take turns. */
const MIGRATION_LOCK = 7_218_461;

/**
 * Brings a database to the schema of this version: tables, then the job queue's own schema.
 * Safe to run from several processes at once and on a database that is already current.
 * Returns the names of the migrations that were applied now.
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const lock = new pg.Client({ connectionString: databaseUrl });
  await lock.connect();
  try {
    await lock.query("select pg_advisory_lock($1)", [MIGRATION_LOCK]);
    const applied = await applyMigrations(databaseUrl);
    await runMigrations({ connectionString: databaseUrl });
    return applied;
  } finally {
    await lock.end();
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
