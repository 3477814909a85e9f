import { mkdirSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** The numbered files in which the processes of one app keep their state. */
export type StateFiles = {
  /** Paths of the files of all processes, the one written last first; none when there is no folder. */
  list(): Promise<string[]>;
  /**
   * Path of the file that only this process writes: the first number that no other process holds. Makes the folder.
   * @throws Error – the folder cannot be made or written, or all numbers are taken
   */
  claim(): string;
  /** Gives the number back. The end of the process, however it comes, does so too. */
  release(): void;
};

/** More processes than that on one volume are a mistake. */
const MAX_PROCESSES = 64;
const SQLITE_BUSY = 5;

/**
 * Files `<app>.<number>.<extension>` in a folder that several processes may share, also from several containers. One process writes
 * one file: SQLite's exclusive lock on `<app>.<number>.lock` says which. The kernel ends that lock with its process, so a crash
 * leaves nothing behind. A process that starts reads the newest file, and writes another if that one is in use.
 */
export function openStateFiles({
  stateDir,
  app,
  extension,
}: {
  stateDir: string;
  app: string;
  extension: string;
}): StateFiles {
  const form = new RegExp(`^${app}\\.\\d+\\.${extension}$`);
  let claimed: { path: string; lock: DatabaseSync } | undefined;

  function claimFirstFree(): { path: string; lock: DatabaseSync } {
    mkdirSync(stateDir, { recursive: true });
    for (let number = 1; number <= MAX_PROCESSES; number += 1) {
      const lock = tryLock(join(stateDir, `${app}.${number}.lock`));
      if (lock) return { path: join(stateDir, `${app}.${number}.${extension}`), lock };
    }
    throw new Error(`${MAX_PROCESSES} processes already keep their state in ${stateDir}.`);
  }

  return {
    list: async () => {
      const names = await readdir(stateDir).catch(() => []);
      const paths = names.filter((name) => form.test(name)).map((name) => join(stateDir, name));
      const found = await Promise.all(
        paths.map(async (path) => ({
          path,
          mtimeMs: (await stat(path).catch(() => undefined))?.mtimeMs ?? 0,
        })),
      );
      return found.sort((a, b) => b.mtimeMs - a.mtimeMs).map(({ path }) => path);
    },
    claim: () => {
      claimed ??= claimFirstFree();
      return claimed.path;
    },
    release: () => {
      claimed?.lock.close();
      claimed = undefined;
    },
  };
}

function tryLock(path: string): DatabaseSync | undefined {
  const lock = new DatabaseSync(path, { timeout: 0 });
  try {
    // No journal beside it: nothing is ever written.
    lock.exec("pragma journal_mode = memory; begin exclusive");
    return lock;
  } catch (error) {
    lock.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return undefined;
    throw error;
  }
}
