import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { SqlDatabase } from "./open-sql-database.ts";

/** The folder of the migrations of this version. */
export const MIGRATIONS_DIR = fileURLToPath(new URL("../../../prisma/migrations", import.meta.url));

/** Names of the migrations of this version, oldest first. */
export function listMigrations(): string[] {
  return readdirSync(MIGRATIONS_DIR, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/**
 * Names of the migrations of this version that the database lacks, oldest first; all of them when it has no schema. Migrations of a
 * newer version do not matter.
 */
export async function findMissingMigrations(db: SqlDatabase): Promise<string[]> {
  const [{ exists } = { exists: false }] = await db.$queryRaw<{ exists: boolean }[]>`
    select to_regclass('_prisma_migrations') is not null as "exists"`;
  if (!exists) return listMigrations();
  const rows = await db.$queryRaw<{ name: string }[]>`
    select migration_name as name from _prisma_migrations where finished_at is not null and rolled_back_at is null`;
  const applied = new Set(rows.map(({ name }) => name));
  return listMigrations().filter((name) => !applied.has(name));
}
