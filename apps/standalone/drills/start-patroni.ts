import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { findFreePort } from "@waxseal/runtime/find-free-port";
import { findPostgresUser, POSTGRES_BINARIES } from "./start-debian-postgres.ts";

const run = promisify(execFile);
const PASSWORD = "p@ss/w:o?r#d+";
const UP_WITHIN_MS = 120_000;

type Node = {
  name: string;
  port: number;
  restPort: number;
  dataDir: string;
  configFile: string;
  child?: ChildProcess;
};

/** Two Postgres servers under Patroni, with synchronous replication, and the etcd that it needs. */
export type PatroniCluster = {
  /** As the owner of the database, at both servers. */
  databaseUrl: string;
  urlOf(user: string, password: string): string;
  /** Name of the server that accepts writes now, by Patroni's own word. */
  primary(): Promise<string | undefined>;
  /** Hands the primary's part to the other server, as before maintenance. Resolves when both are in order again. */
  switchOver(): Promise<void>;
  /** Kills Patroni and Postgres of the primary at once, as a machine that loses its power. Resolves when the other one has taken over. */
  killPrimary(): Promise<void>;
  stop(): Promise<void>;
};

/** Starts all of it as the user postgres; resolves when one server accepts writes and the other one follows synchronously. */
export async function startPatroni(): Promise<PatroniCluster> {
  const folder = await mkdtemp(join(tmpdir(), "waxseal-patroni-"));
  await chmod(folder, 0o755);
  const identity = await findPostgresUser();
  const children: ChildProcess[] = [];
  const launch = (command: string, args: string[], asPostgres = false) => {
    const log = openSync(join(folder, "log"), "a");
    const env = { PATH: `${process.env.PATH}:${POSTGRES_BINARIES}`, HOME: folder, LANG: "C.UTF-8" };
    const child = spawn(command, args, {
      env,
      cwd: folder,
      stdio: ["ignore", log, log],
      ...(asPostgres && identity),
    });
    closeSync(log);
    children.push(child);
    return child;
  };
  const etcd = await startEtcd(folder, launch);
  const nodes: Node[] = [];
  for (const name of ["pg1", "pg2"]) {
    const dataDir = join(folder, name);
    await mkdir(dataDir, { mode: 0o700 });
    await chown(dataDir, identity.uid, identity.gid);
    const ports = { port: await findFreePort(), restPort: await findFreePort() };
    const node: Node = { name, ...ports, dataDir, configFile: join(folder, `${name}.yml`) };
    await writeFile(node.configFile, describeNode(node, etcd), { mode: 0o644 });
    nodes.push(node);
  }
  const start = (node: Node) => {
    node.child = launch("patroni", [node.configFile], true);
  };
  const roleOf = async ({ restPort }: Node) => {
    const answer = await fetch(`http://127.0.0.1:${restPort}/patroni`).catch(() => undefined);
    const state = (await answer?.json().catch(() => undefined)) as
      | { role?: string; state?: string; sync_standby?: boolean }
      | undefined;
    if (state?.state !== "running") return undefined;
    return state.role === "replica" ? (state.sync_standby ? "standby" : "replica") : "primary";
  };
  const findBy = async (role: string) => {
    for (const node of nodes) if ((await roleOf(node)) === role) return node;
    return undefined;
  };
  const until = async (what: string, isTrue: () => Promise<boolean>) => {
    for (const deadline = Date.now() + UP_WITHIN_MS; !(await isTrue()); await delay(200))
      if (Date.now() > deadline)
        throw new Error(`${what}: ${(await readFile(join(folder, "log"), "utf8")).slice(-3_000)}`);
  };
  const isComplete = async () => Boolean((await findBy("primary")) && (await findBy("standby")));
  const urlOf = (user: string, password: string) =>
    `postgresql://${user}:${password}@${nodes.map(({ port }) => `127.0.0.1:${port}`).join(",")}/postgres?target_session_attrs=read-write`;
  const stop = async () => {
    for (const node of nodes) await killNode(node);
    for (const child of children) child.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  };
  try {
    for (const node of nodes) start(node);
    await until("The cluster does not come up", isComplete);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    databaseUrl: urlOf("waxseal", PASSWORD),
    urlOf,
    primary: async () => (await findBy("primary"))?.name,
    switchOver: async () => {
      const [leader, candidate] = [await findBy("primary"), await findBy("standby")];
      const answer = await fetch(`http://127.0.0.1:${leader?.restPort}/switchover`, {
        method: "POST",
        body: JSON.stringify({ leader: leader?.name, candidate: candidate?.name }),
      });
      if (!answer.ok) throw new Error(await answer.text());
      await until(
        "The other server has not taken over",
        async () => (await findBy("primary")) === candidate && (await isComplete()),
      );
    },
    killPrimary: async () => {
      const node = await findBy("primary");
      if (!node) throw new Error("There is no primary.");
      await killNode(node);
      await until("The other server has not taken over", async () => (await findBy("primary")) !== undefined);
    },
    stop,
  };
}

/** Patroni is killed first: it would start its Postgres again. */
async function killNode({ child, dataDir }: Node): Promise<void> {
  if (child && child.exitCode === null && child.signalCode === null) {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  const pidFile = join(dataDir, "data/postmaster.pid");
  const [pid] = (await readFile(pidFile, "utf8").catch(() => "")).split("\n");
  if (!pid) return;
  // It stays when its process is killed, and the number may become another process'.
  await rm(pidFile);
  // The postmaster and its processes: a machine without power leaves none.
  const { stdout } = await run("pgrep", ["-P", pid]).catch(() => ({ stdout: "" }));
  for (const one of [pid, ...stdout.split("\n").filter((line) => line !== "")])
    try {
      process.kill(Number(one), "SIGKILL");
    } catch {
      // It has ended already.
    }
}

async function startEtcd(
  folder: string,
  launch: (command: string, args: string[]) => ChildProcess,
): Promise<string> {
  const [client, peer] = [await findFreePort(), await findFreePort()];
  const urls = { client: `http://127.0.0.1:${client}`, peer: `http://127.0.0.1:${peer}` };
  launch("etcd", [
    ...["--name", "etcd", "--data-dir", join(folder, "etcd"), "--unsafe-no-fsync"],
    ...["--listen-client-urls", urls.client, "--advertise-client-urls", urls.client],
    ...["--listen-peer-urls", urls.peer, "--initial-advertise-peer-urls", urls.peer],
    ...["--initial-cluster", `etcd=${urls.peer}`],
  ]);
  return `127.0.0.1:${client}`;
}

/** The shortest times that Patroni allows. */
function describeNode({ name, port, restPort, dataDir }: Node, etcd: string): string {
  return JSON.stringify({
    scope: "waxseal",
    name,
    restapi: { listen: `127.0.0.1:${restPort}`, connect_address: `127.0.0.1:${restPort}` },
    etcd3: { host: etcd },
    bootstrap: {
      dcs: {
        ...{ ttl: 20, loop_wait: 2, retry_timeout: 3, synchronous_mode: true },
        postgresql: { use_pg_rewind: true, parameters: { max_connections: 200, wal_log_hints: "on" } },
      },
      initdb: [{ encoding: "UTF8" }, { locale: "C.UTF-8" }],
    },
    postgresql: {
      listen: `127.0.0.1:${port}`,
      connect_address: `127.0.0.1:${port}`,
      data_dir: join(dataDir, "data"),
      bin_dir: POSTGRES_BINARIES,
      pgpass: join(dataDir, "pgpass"),
      pg_hba: [
        "host all all 127.0.0.0/8 scram-sha-256",
        "host replication all 127.0.0.0/8 scram-sha-256",
        "local all all peer",
      ],
      parameters: { unix_socket_directories: dataDir, password_encryption: "scram-sha-256" },
      authentication: {
        superuser: { username: "waxseal", password: PASSWORD },
        replication: { username: "replicator", password: "replicator" },
      },
    },
  });
}
