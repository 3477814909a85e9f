import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, expect, test } from "vitest";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded-postgres.ts";

const cleanUps: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

test("a second start finds the data of the first", async () => {
  const dataDir = await newDataDir();
  const first = await start(dataDir);
  await query(first, "create table kept (word text)");
  await query(first, "insert into kept values ('wax')");
  await first.stop();
  const second = await start(dataDir);
  expect((await query(second, "select word from kept")).rows).toEqual([{ word: "wax" }]);
});

test("a server left behind by a killed process is stopped, and its data found", async () => {
  const dataDir = await newDataDir();
  const leftBehind = await start(dataDir);
  await query(leftBehind, "create table kept (word text)");
  const next = await start(dataDir);
  expect((await query(next, "select count(*)::int as words from kept")).rows).toEqual([{ words: 0 }]);
});

test("a broken data folder is refused with one sentence that names it", async () => {
  const dataDir = await newDataDir();
  const first = await start(dataDir);
  await first.stop();
  await writeFile(join(dataDir, "PG_VERSION"), "nonsense");
  await expect(startEmbeddedPostgres({ dataDir, unsafeFast: true })).rejects.toThrow(
    `Postgres could not start on ${dataDir}`,
  );
  expect(await readFile(join(dataDir, "PG_VERSION"), "utf8")).toBe("nonsense");
});

test("a folder that is a file, or lacks its password, is refused with one sentence that says what to do", async () => {
  const file = await newDataDir();
  await writeFile(file, "");
  await expect(startEmbeddedPostgres({ dataDir: file })).rejects.toThrow(
    `The data folder ${file} cannot be made`,
  );
  const dataDir = await newDataDir();
  const first = await start(dataDir);
  await first.stop();
  await rm(`${dataDir}.password`);
  await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(
    "restore that file, or move the folder away",
  );
});

async function newDataDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "waxseal-embedded-"));
  await chmod(folder, 0o711);
  cleanUps.push(() => rm(folder, { recursive: true, force: true }));
  return join(folder, "data");
}

async function start(dataDir: string): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir, unsafeFast: true });
  cleanUps.push(() => postgres.stop());
  return postgres;
}

async function query(postgres: EmbeddedPostgres, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: postgres.databaseUrl });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}
