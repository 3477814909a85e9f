import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { runMigrations } from "graphile-worker";
import pg from "pg";
import { everyTable, withSchemaEngine } from "./schema-engine.ts";

const migrationsDir = fileURLToPath(new URL("../../../prisma/migrations", import.meta.url));

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
  const entries = await readdir(migrationsDir, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return {
    baseDir: migrationsDir,
    shadowDbInitScript: "",
    lockfile: { path: "migration_lock.toml", content: 'provider = "postgresql"\n' },
    migrationDirectories: await Promise.all(
      names.map(async (path) => ({
        path,
        migrationFile: {
          path: "migration.sql",
          content: {
            tag: "ok" as const,
            value: await readFile(`${migrationsDir}/${path}/migration.sql`, "utf8"),
          },
        },
      })),
    ),
  };
}
