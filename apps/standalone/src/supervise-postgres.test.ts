import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, open, rename, rm } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { openDatabase } from "@waxseal/db";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openLogFile } from "./open-log-file.ts";
import { type SupervisedPostgres, supervisePostgres } from "./supervise-postgres.ts";

vi.setConfig({ testTimeout: 60_000 });
const run = promisify(execFile);
const MAY_MOUNT = userInfo().uid === 0;

let folder: string;
let postgres: SupervisedPostgres;
const lines: string[] = [];

beforeEach(async () => {
  lines.length = 0;
  folder = await mkdtemp(join(tmpdir(), "waxseal-supervise-"));
  await chmod(folder, 0o711);
  // Durable commits cost nothing there, and it can be full.
  if (MAY_MOUNT) await run("mount", ["-t", "tmpfs", "-o", "size=128m,mode=711", "tmpfs", folder]);
});
afterEach(async () => {
  await postgres?.stop();
  await run("umount", ["-l", folder]).catch(() => undefined);
  await rm(folder, { recursive: true, force: true });
});

async function start(): Promise<void> {
  await mkdir(join(folder, "logs"), { recursive: true });
  const logName = join(folder, "logs/postgres.log");
  const log = openLogFile(logName);
  const dataDir = join(folder, "postgres");
  const tell = (line: string) => lines.push(line);
  postgres = await supervisePostgres({ dataDir, log, logName, tell });
}

/** A row that was committed is found by a new connection. */
async function keepsRow(): Promise<boolean> {
  const db = openDatabase(postgres.databaseUrl, { poolSize: 1 });
  return db.$queryRaw`select word from kept`
    .then(
      (rows) => Array.isArray(rows) && rows.length === 1,
      () => false,
    )
    .finally(() => db.$disconnect());
}

async function execute(sql: string): Promise<void> {
  const db = openDatabase(postgres.databaseUrl, { poolSize: 1 });
  await db.$executeRawUnsafe(sql).finally(() => db.$disconnect());
}

test("a killed postmaster is started again on the same address with everything committed, and the terminal names the log", async () => {
  await start();
  await execute("create table kept as select 'wax' as word");
  const killed = postgres.pid() ?? 0;
  process.kill(killed, "SIGKILL");
  await untilRunningAgain();
  expect(await keepsRow()).toBe(true);
  expect(postgres.pid()).not.toBe(killed);
  expect(lines).toEqual([
    `Postgres ended (it was killed, perhaps for lack of memory); starting it again. Its log: ${join(folder, "logs/postgres.log")}`,
    "Postgres is running again.",
  ]);
});

test("a server that cannot start is tried again until the reason is gone, and stop ends the trying", async () => {
  await start();
  await execute("create table kept as select 'wax' as word");
  const data = join(folder, "postgres");
  await rename(join(data, "pg_wal"), join(data, "away"));
  process.kill(postgres.pid() ?? 0, "SIGKILL");
  await expect.poll(() => lines.at(-1), { timeout: 20_000 }).toMatch(/could not start on .*Trying again/);
  await rename(join(data, "away"), join(data, "pg_wal"));
  await untilRunningAgain();
  expect(await keepsRow()).toBe(true);

  await rename(join(data, "pg_wal"), join(data, "away"));
  process.kill(postgres.pid() ?? 0, "SIGKILL");
  await expect.poll(postgres.pid, { timeout: 20_000 }).toBeUndefined();
  await postgres.stop();
  expect(postgres.pid()).toBeUndefined();
});

test.runIf(MAY_MOUNT)(
  "a full disk ends Postgres: the terminal says what to do, and with room again it runs without help",
  async () => {
    await start();
    await execute("create table kept as select 'wax' as word");
    const filler = join(folder, "filler");
    await fillDisk(filler);
    const endsWal =
      "select pg_switch_wal() from (select pg_logical_emit_message(true, 'x', repeat('x', 1000000))) as written";
    for (let tries = 0; tries < 20 && !lines.some((line) => line.startsWith("Postgres ended")); tries++)
      await execute(endsWal).catch(() => undefined);
    await expect
      .poll(() => lines, { timeout: 20_000 })
      .toContainEqual(expect.stringMatching(/^Postgres ended/));
    expect(lines[0]).toBe(
      `The disk is full, so Postgres cannot store anything. Free some space for ${join(folder, "postgres")}: no restart is needed.`,
    );
    expect(await keepsRow()).toBe(false);
    await rm(filler);
    await expect.poll(keepsRow, { timeout: 30_000 }).toBe(true);
    await expect.poll(() => lines.at(-1), { timeout: 30_000 }).toBe("Postgres is running again.");
  },
);

async function untilRunningAgain(): Promise<void> {
  await expect.poll(() => lines.at(-1), { timeout: 20_000 }).toBe("Postgres is running again.");
}

async function fillDisk(path: string): Promise<void> {
  const file = await open(path, "w");
  try {
    for (let size = 1_048_576; size >= 4_096; size /= 2) {
      const piece = Buffer.alloc(size, 1);
      for (let isRoom = true; isRoom; )
        isRoom = await file.write(piece).then(
          ({ bytesWritten }) => bytesWritten === size,
          () => false,
        );
    }
  } finally {
    await file.close();
  }
}
