import { createHash } from "node:crypto";
import { cp, mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

export type PostgresHome = { dataDir: string; passwordFile: string; postgres: string; initdb: string };

/** Where a root's Postgres lives when its own user cannot enter the folder of the checkout. */
const OUTSIDE_DIR = "/var/lib/waxseal";

/**
 * Where Postgres keeps its data and which binaries it runs.
 *
 * Run as root, Postgres becomes the user `postgres`, who cannot enter a checkout below /root. Then data and a
 * copy of the binaries live under /var/lib/waxseal, by a name made from the folder that was asked for.
 */
export async function findPostgresHome(
  dataDir: string,
  binaries: { postgres: string; initdb: string },
  runsAsOther: boolean,
): Promise<PostgresHome> {
  const here = { dataDir, passwordFile: `${dataDir}.password`, ...binaries };
  if (!runsAsOther) return here;
  const own = createHash("sha256").update(dataDir).digest("hex").slice(0, 12);
  const binDir = dirname(binaries.postgres);
  const outsideData = join(OUTSIDE_DIR, own, "postgres");
  const dataReachable = await isReachable(dirname(dataDir));
  const binariesReachable = await isReachable(binDir);
  const outsideBin = binariesReachable ? binDir : await copyBinaries(dirname(binDir));
  return {
    dataDir: dataReachable ? dataDir : outsideData,
    passwordFile: dataReachable ? here.passwordFile : `${outsideData}.password`,
    postgres: join(outsideBin, "postgres"),
    initdb: join(outsideBin, "initdb"),
  };
}

/** Whether a user without special rights can reach a folder. */
async function isReachable(folder: string): Promise<boolean> {
  for (let path = folder; ; path = dirname(path)) {
    const info = await stat(path).catch(() => undefined);
    if (info && (info.mode & 0o001) === 0) return false;
    if (path === dirname(path)) return true;
  }
}

/** Copied once per version: a server may be running from the copy. */
async function copyBinaries(nativeDir: string): Promise<string> {
  const { size, mtimeMs } = await stat(join(nativeDir, "bin/postgres"));
  const version = createHash("sha256").update(`${nativeDir} ${size} ${mtimeMs}`).digest("hex").slice(0, 12);
  const copy = join(OUTSIDE_DIR, `postgres-${version}`);
  if (!(await stat(copy).catch(() => undefined))) {
    const unfinished = `${copy}.${process.pid}`;
    await mkdir(unfinished, { recursive: true, mode: 0o755 });
    await cp(nativeDir, unfinished, { recursive: true, verbatimSymlinks: true });
    await rename(unfinished, copy).catch(() => rm(unfinished, { recursive: true, force: true }));
  }
  return join(copy, "bin");
}
