import { type ChildProcess, execFile, fork, spawn } from "node:child_process";
import { randomBytes, randomInt } from "node:crypto";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { APP_ROLES, type ConfinedApp, startEmbeddedPostgres } from "@waxseal/db";
import { createClient } from "@waxseal/db/connect";
import { createSelfSignedPair } from "@waxseal/runtime";
import { type FrontServer, readFrontConfig } from "@waxseal/sandbox";
import { COMPILE_CACHE } from "../e2e/start-test-standalone.ts";
import { appProcess } from "../src/app-process.ts";
import { chooseSettings } from "../src/choose-settings.ts";
import { findPort } from "../src/find-port.ts";
import { ask, type Question } from "./ask.ts";
import { THIS_RELEASE } from "./prepare-release.ts";

const run = promisify(execFile);

/** In the order of `apps/standalone/upgrade-compose.sh`. */
export const FLEET_APPS = ["nameserver", "policy-server", "report-ingest", "worker", "api"] as const;
export type FleetApp = (typeof FLEET_APPS)[number];

export const DASHBOARD_HOST = "app.example";
/** As docker-compose.yml has it. */
const DRAIN_SECONDS = "4";
const READY_WITHIN_MS = 180_000;

/** The settings of each app that name its ports, with the port inside of docker-compose.yml's containers. */
const APP_PORTS: Record<FleetApp, Readonly<Record<string, number>>> = {
  nameserver: { DNS_PORT: 5354 },
  "policy-server": { POLICY_HTTPS_PORT: 8443, POLICY_HTTP_PORT: 8080 },
  "report-ingest": { INGEST_SMTP_PORT: 2525, INGEST_HTTPS_PORT: 8444 },
  worker: {},
  api: { PORT: 3000 },
};

type Place = { app: FleetApp; env: Record<string, string>; child?: ChildProcess };

/** Two of each app, or one, behind the front of docker-compose.yml, with a Postgres, and the sandbox for the rest of the world. */
export type Fleet = {
  folder: string;
  env: Record<string, string>;
  /** Connects as the owner of the database. */
  databaseUrl: string;
  front: { smtp: number; http: number; https: number; health: number };
  dnsPorts: number[];
  /** Of a release, on the fleet's database. */
  cli(releaseDir: string, ...args: string[]): Promise<string>;
  /** Of this release, on another database. */
  cliOn(databaseUrl: string, ...args: string[]): Promise<string>;
  /** Stops one process as `docker compose` does and starts it from a release; resolves when it is ready. */
  replace(app: FleetApp, place: 0 | 1, releaseDir: string): Promise<void>;
  api<T>(key: string, question: Omit<Question, "host" | "port">): Promise<{ status: number; body: T }>;
  stop(): Promise<void>;
};

type Options = {
  /** Returns where the code is that the apps run at first, and that makes the schema; may use the fleet's folder. Unset: this release. */
  prepare?(folder: string): Promise<string>;
  /** A Postgres of the caller's: its owner's URL. Unset: an embedded one. */
  databaseUrl?: string;
  /** What the apps get instead of the owner's URL with their role and password. */
  urlOf?(role: string, password: string): string;
  /** How many of each app. */
  copies?: 1 | 2;
};

/** Starts all of it; resolves when every process says that it is ready. */
export async function startFleet(given: Options = {}): Promise<Fleet> {
  const folder = await mkdtemp(join(tmpdir(), "waxseal-fleet-"));
  await chmod(folder, 0o711);
  const stops: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const stop = async () => {
    for (const one of stops.reverse()) await one();
  };
  try {
    const releaseDir = (await given.prepare?.(folder)) ?? THIS_RELEASE;
    const postgres = given.databaseUrl
      ? undefined
      : await startEmbeddedPostgres({ dataDir: join(folder, "postgres") });
    if (postgres) stops.push(() => postgres.stop());
    const databaseUrl = given.databaseUrl ?? postgres?.databaseUrl ?? "";
    const passwords = Object.fromEntries(
      Object.values(APP_ROLES).map((role) => [role, randomBytes(12).toString("hex")]),
    );
    const urlOf =
      given.urlOf ??
      ((username: string, password: string) =>
        Object.assign(new URL(databaseUrl), { username, password }).href);
    const [smtp = 0, http = 0, https = 0, health = 0, apiPort = 0, ...ports] = await findPorts(40);
    const front = { smtp, http, https, health };
    const env = await chooseFleetSettings(folder, { front, apiPort, ports });
    const places = planPlaces(env, {
      copies: given.copies ?? 2,
      ports,
      urlOf: (app) => urlOf(APP_ROLES[app], passwords[APP_ROLES[app]] ?? ""),
    });
    const cliEnv = { ...env, ...passwordSettings(passwords) };
    const cli = (dir: string, ...args: string[]) =>
      runCli(dir, args, { ...cliEnv, DATABASE_URL: databaseUrl });
    await cli(releaseDir, "db", "migrate");
    await cli(releaseDir, "db", "roles");
    const sandbox = launch(join(THIS_RELEASE, "packages/sandbox/src/main.ts"), { env });
    stops.push(() => end(sandbox, "SIGTERM"));
    await isStarted(sandbox);
    stops.push(() => Promise.all(places.map(({ child }) => child && end(child, "SIGKILL"))));
    const haproxy = await startFront(folder, { front, places });
    stops.push(() => end(haproxy, "SIGKILL"));
    await Promise.all(places.map((place) => start(place, releaseDir)));
    // Again until then: a look-up that comes before the nameserver is up finds nothing.
    const ordering = setInterval(() => void orderOperatorNames(databaseUrl).catch(() => undefined), 5_000);
    await Promise.all(places.map(isReady)).finally(() => clearInterval(ordering));
    return {
      folder,
      env,
      databaseUrl,
      front,
      dnsPorts: places.flatMap(({ env: own }) => (own.DNS_PORT ? [Number(own.DNS_PORT)] : [])),
      cli,
      cliOn: (url, ...args) => runCli(THIS_RELEASE, args, { ...cliEnv, DATABASE_URL: url }),
      stop,
      replace: async (app, at, dir) => {
        const place = places.filter((one) => one.app === app)[at];
        if (!place?.child) throw new Error(`There is no ${app} ${at}.`);
        await end(place.child, "SIGTERM");
        await start(place, dir);
        await isReady(place);
      },
      api: async (key, question) => {
        const headers = { authorization: `Bearer ${key}`, ...question.headers };
        const { status, text } = await ask({ ...question, headers, host: DASHBOARD_HOST, port: front.https });
        return { status, body: text ? JSON.parse(text) : undefined };
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Below the ephemeral ports of the system. */
async function findPorts(count: number): Promise<number[]> {
  const first = randomInt(10_000, 30_000);
  const ports: number[] = [];
  for (let place = 0; place < count; place += 1)
    ports.push(await findPort(first + place, "127.0.0.1", { udp: true }));
  return ports;
}

/** As `npm start` chooses them; the world reaches everything but DNS through the front. */
async function chooseFleetSettings(
  folder: string,
  { front, apiPort, ports }: { front: Fleet["front"]; apiPort: number; ports: readonly number[] },
): Promise<Record<string, string>> {
  const own = ports.slice(-7).map(String);
  const { env } = await chooseSettings(
    {
      PATH: `${process.env.PATH}:/usr/sbin`,
      HOME: process.env.HOME,
      PORT: `${apiPort}`,
      PUBLIC_URL: `https://${DASHBOARD_HOST}`,
      POLICY_HTTPS_PORT: `${front.https}`,
      POLICY_HTTP_PORT: `${front.http}`,
      INGEST_SMTP_PORT: `${front.smtp}`,
      INGEST_HTTPS_PORT: `${front.https}`,
      DNS_PORT: `${ports[0]}`,
      SANDBOX_DNS_PORT: own[0],
      SANDBOX_ACME_PORT: own[1],
      SANDBOX_MX_PORT: own[2],
      SANDBOX_MAIL_SMTP_PORT: own[3],
      SANDBOX_MAIL_WEB_PORT: own[4],
      SANDBOX_CONTROL_PORT: own[5],
      SANDBOX_HOOKS_PORT: own[6],
      PROXY_PROTOCOL_FROM: "127.0.0.0/8",
      NODE_COMPILE_CACHE: COMPILE_CACHE,
      DRAIN_SECONDS,
    },
    folder,
  );
  return env;
}

type Plan = { copies: number; ports: readonly number[]; urlOf(app: ConfinedApp): string };

/** Those of one app share their folder of state, as containers share a volume. */
function planPlaces(env: Record<string, string>, { copies, ports, urlOf }: Plan): Place[] {
  const free = [...ports];
  return Array.from({ length: copies }).flatMap(() =>
    FLEET_APPS.map((app) => {
      const names = [...Object.keys(APP_PORTS[app]), "HEALTH_PORT"];
      const own = Object.fromEntries(names.map((name) => [name, String(free.shift())]));
      return { app, env: { ...env, ...own, ...appProcess(app).env, DATABASE_URL: urlOf(app) } };
    }),
  );
}

async function startFront(
  folder: string,
  { front, places }: { front: Fleet["front"]; places: readonly Place[] },
): Promise<ChildProcess> {
  await mkdir(join(folder, "certs"));
  const { cert, key } = createSelfSignedPair([DASHBOARD_HOST], new Date());
  await writeFile(join(folder, "certs/dashboard.pem"), cert + key);
  const serversOf = (app: FleetApp): FrontServer[] =>
    places
      .filter((place) => place.app === app)
      .map(({ env }) => ({
        healthPort: Number(env.HEALTH_PORT),
        ports: Object.fromEntries(
          Object.entries(APP_PORTS[app]).map(([name, inside]) => [inside, Number(env[name])]),
        ),
      }));
  const servers = Object.fromEntries(FLEET_APPS.map((app) => [app, serversOf(app)]));
  const file = join(folder, "haproxy.cfg");
  await writeFile(file, await readFrontConfig({ folder, ports: front, servers }));
  const env = {
    PATH: `${process.env.PATH}:/usr/sbin`,
    DASHBOARD_HOST,
    REPORTS_HOST: places[0]?.env.REPORTS_HOST ?? "",
  };
  return spawn("haproxy", ["-db", "-f", file], { env, stdio: "ignore" });
}

/** Lines of all processes are in one file, for a person who looks at a drill that failed. */
function launch(
  script: string,
  { env, nodeArgs = [] }: { env: Record<string, string>; nodeArgs?: readonly string[] },
) {
  const log = openSync(join(env.STATE_DIR ?? "", "processes.log"), "a");
  const child = fork(script, [], { env, execArgv: [...nodeArgs], stdio: ["ignore", log, log, "ipc"] });
  closeSync(log);
  return child;
}

async function start(place: Place, releaseDir: string): Promise<void> {
  const { nodeArgs } = appProcess(place.app);
  const script = join(releaseDir, `apps/${place.app}/src/main.ts`);
  place.child = launch(script, { env: place.env, nodeArgs });
  await isStarted(place.child);
}

async function isStarted(child: ChildProcess): Promise<void> {
  const [message] = await Promise.race([once(child, "message"), once(child, "exit")]);
  if (!message?.ready) throw new Error(`${child.spawnargs.at(-1)} did not start: ${JSON.stringify(message)}`);
}

/** As `docker compose up --wait`. */
async function isReady({ app, env }: Place): Promise<void> {
  let last = "";
  for (const deadline = Date.now() + READY_WITHIN_MS; Date.now() < deadline; ) {
    const answer = await fetch(`http://127.0.0.1:${env.HEALTH_PORT}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
    last = (await answer?.text()) ?? "no answer";
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`${app} is not ready: ${last}`);
}

/** A child of ours ends, whether it still ran or not. SIGTERM is awaited, drain included. */
async function end(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, "exit");
}

/** Report ingest is ready with the certificates of its own names; the recurring job that orders them may be minutes away. */
async function orderOperatorNames(databaseUrl: string): Promise<void> {
  const client = createClient(databaseUrl);
  await client.connect();
  await client.query("select graphile_worker.add_job('certificate.ensureOperatorNames')");
  await client.end();
}

function passwordSettings(passwords: Record<string, string>): Record<string, string> {
  const entries = Object.entries(passwords);
  return Object.fromEntries(
    entries.map(([role, password]) => [
      `POSTGRES_${role.replace("waxseal_", "").toUpperCase()}_PASSWORD`,
      password,
    ]),
  );
}

async function runCli(dir: string, args: string[], env: Record<string, string>): Promise<string> {
  const main = join(dir, "apps/cli/src/main.ts");
  const { stdout } = await run(process.execPath, [main, ...args], { cwd: dir, env });
  return stdout;
}
