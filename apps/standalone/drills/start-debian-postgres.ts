import { execFile } from "node:child_process";
import { chmod, chown, copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { findFreePort } from "@waxseal/runtime/find-free-port";

const run = promisify(execFile);

/** Where Debian 12 has the programs of its Postgres. */
export const POSTGRES_BINARIES = "/usr/lib/postgresql/15/bin";

/** Debian's Postgres, empty, on a port of its own. */
export type DebianPostgres = {
  /** A database of its owner `waxseal`, which may be made with `createdb`. */
  databaseUrl(database: string): string;
  /** What libpq's programs need in their environment. */
  env: Record<string, string>;
  port: number;
  stop(): Promise<void>;
};

/** The user that Postgres runs as: it refuses root. */
export async function findPostgresUser(): Promise<{ uid: number; gid: number }> {
  const [uid, gid] = await Promise.all(
    ["-u", "-g"].map(async (what) => Number((await run("id", [what, "postgres"])).stdout)),
  );
  return { uid: uid ?? 0, gid: gid ?? 0 };
}

/** Starts one, as its package would on a machine of its own. With `passwordFile` its owner has that password, else everyone is trusted. */
export async function startDebianPostgres(
  given: { port?: number; passwordFile?: string } = {},
): Promise<DebianPostgres> {
  const folder = await mkdtemp(join(tmpdir(), "waxseal-debian-"));
  const identity = await findPostgresUser();
  await chmod(folder, 0o755);
  await chown(folder, identity.uid, identity.gid);
  const port = given.port ?? (await findFreePort());
  const as = { ...identity, cwd: folder };
  const data = join(folder, "data");
  const options = ["-D", data, "-U", "waxseal", "--encoding=UTF8", "--locale=C", "--no-sync"];
  if (given.passwordFile) {
    const own = join(folder, "password");
    await copyFile(given.passwordFile, own);
    await chown(own, identity.uid, identity.gid);
    options.push("--auth=scram-sha-256", `--pwfile=${own}`);
  } else options.push("--auth=trust");
  await run(join(POSTGRES_BINARIES, "initdb"), options, as);
  const server = `-p ${port} -c unix_socket_directories=${folder} -c listen_addresses=127.0.0.1 -c max_connections=200`;
  const control = (...args: string[]) =>
    run(join(POSTGRES_BINARIES, "pg_ctl"), ["-D", data, "-w", ...args], as);
  await control("start", "-l", join(folder, "log"), "-o", server);
  return {
    port,
    databaseUrl: (database) => `postgresql://waxseal@127.0.0.1:${port}/${database}`,
    env: {
      PATH: `${POSTGRES_BINARIES}:${process.env.PATH}`,
      PGHOST: "127.0.0.1",
      PGPORT: `${port}`,
      PGUSER: "waxseal",
    },
    stop: async () => {
      await control("stop", "-m", "immediate");
      await rm(folder, { recursive: true, force: true });
    },
  };
}
