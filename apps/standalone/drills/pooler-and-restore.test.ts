import { execFile, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { createClient } from "@waxseal/db/connect";
import { findFreePort } from "@waxseal/runtime/find-free-port";
import { expect, test } from "vitest";
import { ask } from "./ask.ts";
import { describeLoad, failuresOf, loadFleet } from "./load-fleet.ts";
import { addKey, addLoadedDomain, findLostReports } from "./loaded-domain.ts";
import { THIS_RELEASE } from "./prepare-release.ts";
import { type DebianPostgres, findPostgresUser, startDebianPostgres } from "./start-debian-postgres.ts";
import { type Fleet, startFleet } from "./start-fleet.ts";

const run = promisify(execFile);
const DATABASE = "waxseal";

/** PgBouncer in transaction mode with few connections, which asks Postgres for the secrets of roles. */
async function startPooler(postgres: DebianPostgres) {
  const folder = await mkdtemp(join(tmpdir(), "waxseal-pooler-"));
  await chmod(folder, 0o755);
  const port = await findFreePort();
  await writeFile(join(folder, "users"), '"waxseal" ""\n');
  await writeFile(
    join(folder, "pgbouncer.ini"),
    `[databases]
${DATABASE} = host=127.0.0.1 port=${postgres.port} dbname=${DATABASE}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
pool_mode = transaction
default_pool_size = 4
max_client_conn = 500
auth_type = scram-sha-256
auth_file = ${folder}/users
auth_user = waxseal
auth_query = select usename, passwd from pg_shadow where usename = $1
`,
  );
  const child = spawn("pgbouncer", [join(folder, "pgbouncer.ini")], {
    ...(await findPostgresUser()),
    env: { PATH: `${process.env.PATH}:/usr/sbin` },
    stdio: "ignore",
  });
  return {
    port,
    stop: async () => {
      child.kill("SIGKILL");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** How many connections come from the pooler: those without a name, as LISTEN has one. */
async function countPooled(postgres: DebianPostgres): Promise<number> {
  const client = createClient(postgres.databaseUrl(DATABASE));
  await client.connect();
  const { rows } = await client.query<{ n: number }>(
    "select count(*)::int as n from pg_stat_activity where usename in ('waxseal_api', 'waxseal_policy', 'waxseal_nameserver') and application_name = ''",
  );
  await client.end();
  return rows[0]?.n ?? 0;
}

/** The steps of the runbook *Restore drill*, on another Postgres. Returns what the policy server there answers. */
async function restore(postgres: DebianPostgres, fleet: Fleet, host: string) {
  const other = await startDebianPostgres();
  const stateDir = join(fleet.folder, "restored");
  await mkdir(stateDir);
  try {
    const dump = join(fleet.folder, "waxseal.dump");
    await run("pg_dump", ["-Fc", "-d", DATABASE, "-f", dump], { env: postgres.env });
    await run("createdb", [DATABASE], { env: other.env });
    await run("pg_restore", ["--no-privileges", "--no-owner", "-d", DATABASE, dump], {
      env: other.env,
    }).catch(
      // Policies name roles that are not there yet; `db roles` makes both.
      (error) =>
        expect(
          error.stderr.replaceAll(/.*role "waxseal_\w+" does not exist.*\n|Command was: .*POLICY.*\n/g, ""),
        ).not.toMatch(/ERROR/),
    );
    const DATABASE_URL = other.databaseUrl(DATABASE);
    await fleet.cliOn(DATABASE_URL, "db", "migrate");
    await fleet.cliOn(DATABASE_URL, "db", "roles");
    const [port, health] = [await findFreePort(), await findFreePort()];
    const child = fork(join(THIS_RELEASE, "apps/policy-server/src/main.ts"), [], {
      execArgv: [],
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      env: {
        ...fleet.env,
        ...{ DATABASE_URL, STATE_DIR: stateDir, PROXY_PROTOCOL_FROM: "" },
        ...{ POLICY_HTTPS_PORT: `${port}`, POLICY_HTTP_PORT: "0", HEALTH_PORT: `${health}` },
      },
    });
    await once(child, "message");
    const readiness = () => fetch(`http://127.0.0.1:${health}/readyz`).then((answer) => answer.status);
    await expect.poll(readiness, { timeout: 30_000 }).toBe(200);
    const policy = await ask({ host, port, path: "/.well-known/mta-sts.txt" });
    child.kill("SIGKILL");
    return policy;
  } finally {
    await other.stop();
  }
}

test("through PgBouncer in transaction mode everything works with few connections, and a dump of it serves the policies elsewhere", async () => {
  const postgres = await startDebianPostgres();
  await run("createdb", [DATABASE], { env: postgres.env });
  const pooler = await startPooler(postgres);
  try {
    const fleet = await startFleet({
      databaseUrl: postgres.databaseUrl(DATABASE),
      urlOf: (user, password) =>
        `postgresql://${user}:${password}@127.0.0.1:${pooler.port}/${DATABASE}?direct=127.0.0.1:${postgres.port}`,
      copies: 1,
    });
    try {
      const key = await addKey(fleet, THIS_RELEASE);
      const domain = await addLoadedDomain(fleet, key, "one.example");
      const ended = new AbortController();
      const loading = loadFleet(fleet, { key, domain, signal: ended.signal });
      await addLoadedDomain(fleet, key, "two.example");
      await delay(3_000);
      const pooled = await countPooled(postgres);
      ended.abort();
      const load = await loading;
      process.stderr.write(
        `  through PgBouncer, ${pooled} pooled connections of three apps: ${describeLoad(load)}`,
      );
      expect(failuresOf(load)).toEqual({});
      expect(await findLostReports(fleet, load.accepted)).toEqual([]);
      // Four for each role at most, besides what LISTEN has.
      expect(pooled).toBeLessThanOrEqual(12);
      expect(await restore(postgres, fleet, "mta-sts.two.example")).toMatchObject({
        status: 200,
        text: expect.stringMatching(/^version: STSv1/),
      });
    } finally {
      await fleet.stop();
    }
  } finally {
    await pooler.stop();
    await postgres.stop();
  }
}, 600_000);
