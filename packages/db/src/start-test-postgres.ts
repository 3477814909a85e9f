import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startEmbeddedPostgres } from "./embedded-postgres.ts";
import { migrate } from "./migrate.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A migrated database that test databases are cloned from; never connect to it. */
    templateDatabaseUrl: string;
  }
}

/** Vitest global set-up: one throw-away Postgres with a migrated template database. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "waxseal-test-postgres-"));
  await chmod(folder, 0o711);
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, "data"), unsafeFast: true });
  const stop = async () => {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
  await migrate(postgres.databaseUrl).catch(async (error) => {
    await stop();
    throw error;
  });
  project.provide("templateDatabaseUrl", postgres.databaseUrl);
  return stop;
}
