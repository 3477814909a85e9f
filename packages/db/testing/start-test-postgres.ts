import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startEmbeddedPostgres } from "../src/embedded-postgres.ts";
import { migrate } from "../src/migrate.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A migrated database that test databases are cloned from; never connect to it. */
    templateDatabaseUrl: string;
  }
}

type Shared = { users: number; started: Promise<{ databaseUrl: string; stop(): Promise<void> }> };

/** Vitest loads this file once per project, all in one process: the server is kept where all of them find it. */
const shared: { postgres?: Shared } = processWide("waxseal.test-postgres");

/** Vitest global set-up: one throw-away Postgres with a migrated template database, for all projects of a run that need one. */
export async function setup(project: TestProject): Promise<undefined | (() => Promise<void>)> {
  if (await areOnlyPureFiles(project)) return undefined;
  shared.postgres ??= { users: 0, started: start() };
  const postgres = shared.postgres;
  postgres.users++;
  const { databaseUrl, stop } = await postgres.started;
  project.provide("templateDatabaseUrl", databaseUrl);
  return async () => {
    if (--postgres.users === 0) await stop();
  };
}

/** Whether a person asked for single files that use no database, which then take less than a second. */
async function areOnlyPureFiles(project: TestProject): Promise<boolean> {
  const { filenamePattern } = project.vitest as { filenamePattern?: string[] };
  if (project.name !== "unit" || !filenamePattern) return false;
  const { testFiles } = await project.globTestFiles(filenamePattern);
  const texts = await Promise.all(testFiles.map((file) => readFile(file, "utf8")));
  // Builders in testing/ may need one.
  return texts.every((text) => !/templateDatabaseUrl|\/testing(\/|")/.test(text));
}

async function start(): Promise<{ databaseUrl: string; stop(): Promise<void> }> {
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
  return { databaseUrl: postgres.databaseUrl, stop };
}

/** One object per name and process, whichever copy of this file asks; nothing else sets the key. */
function processWide(name: string): { postgres?: Shared } {
  const holder = globalThis as { [key: symbol]: { postgres?: Shared } | undefined };
  const key = Symbol.for(name);
  holder[key] ??= {};
  return holder[key];
}
