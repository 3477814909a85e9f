// Stands in for `docker` on a machine that has none: `docker compose up` starts what docker-compose.yml says as processes, each with the
// settings and secrets that its container would get, and Debian's Postgres; `docker compose run` runs a command. Containers' ports become
// the machine's. FRONT_ADDRESS is where the front listens; all of this folder's state is below it.
import { spawn, spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { readFrontConfig } from "@waxseal/sandbox";
import { parse } from "yaml";
import { THIS_RELEASE } from "./prepare-release.ts";
import { startDebianPostgres } from "./start-debian-postgres.ts";

type Service = {
  command?: string[];
  entrypoint?: string[];
  environment?: Record<string, string | number>;
  profiles?: string[];
};

const READY_WITHIN_MS = 60_000;
const folder = process.cwd();
const settings = readSettings();
const services: Record<string, Service> = parse(readFileSync("docker-compose.yml", "utf8"), {
  merge: true,
}).services;
const [compose, verb, ...rest] = process.argv.slice(2);
if (compose !== "compose") throw new Error("Only `docker compose` is known.");
if (verb === "up") await startAll();
else if (verb === "run") process.exitCode = runOnce("waxseal", rest.slice(rest.indexOf("waxseal") + 1));
else throw new Error(`compose ${verb} is not known.`);

async function startAll(): Promise<void> {
  const passwordFile = join(folder, "secrets/POSTGRES_PASSWORD");
  const postgres = await startDebianPostgres({ port: 5432, passwordFile });
  const env = { ...postgres.env, PGPASSWORD: readFileSync(passwordFile, "utf8") };
  if (spawnSync("createdb", ["waxseal"], { env }).status !== 0) throw new Error("no database");
  if (runOnce("migrate", []) !== 0) throw new Error("not migrated");
  const apps = Object.entries(services).filter(([, one]) => one.command && !one.profiles);
  for (const [name] of apps) if (name !== "migrate") startInBackground(name);
  await Promise.all(["policy-server", "api"].map(isReady));
  await startFront();
}

/** Everything but profiles, as .env and the environment of this process say. */
function readSettings(): Record<string, string> {
  const lines = readFileSync(".env", "utf8").matchAll(/^([A-Z_]+)=(.*)$/gm);
  return Object.fromEntries([...lines].map(([, name = "", value = ""]) => [name, value]));
}

/** As Compose puts settings into its file. @throws Error – a needed one is missing */
function interpolate(text: string): string {
  const inner = /\$\{(\w+)(?::([-+?])([^${}]*))?\}/;
  const next = text.replace(inner, (_, name: string, kind = "-", word = "") => {
    const value = settings[name] || "";
    if (kind === "?" && value === "") throw new Error(word);
    if (kind === "+") return value && word;
    return value || (kind === "-" ? word : "");
  });
  return next === text ? text.replaceAll("$$", "$") : interpolate(next);
}

/** Volumes and secrets are folders here; a container's own ports are the machine's. */
function environmentOf(name: string): Record<string, string> {
  const given = Object.entries<string | number>(services[name]?.environment ?? {}).map(([key, value]) => [
    key,
    interpolate(String(value)),
  ]);
  const place = Object.keys(services).indexOf(name);
  const { PATH = "" } = process.env;
  const env: Record<string, string> = {
    ...Object.fromEntries(given),
    PATH: `${dirname(process.execPath)}:${PATH}`,
  };
  if (env.HEALTH_PORT) env.HEALTH_PORT = String(Number(env.HEALTH_PORT) + place);
  // Of ports: in docker-compose.yml.
  if (name === "nameserver") env.DNS_PORT = "53";
  env.PROXY_PROTOCOL_FROM &&= "198.18.0.0/15,127.0.0.0/8";
  return Object.fromEntries(Object.entries(env).map(([key, value]) => [key, inFolder(value, name)]));
}

function inFolder(text: string, name: string): string {
  const volume = name === "dashboard-certificate" ? "front" : name;
  const state = join(folder, "volumes", volume);
  mkdirSync(join(state, "certs"), { recursive: true });
  return text
    .replaceAll("/run/secrets/", `${folder}/secrets/`)
    .replaceAll("/var/lib/waxseal", state)
    .replaceAll("sleep 30", "sleep 2");
}

function runOnce(name: string, args: readonly string[]): number {
  const { command = [], entrypoint = [] } = services[name] ?? {};
  const [program = "", ...words] = [...entrypoint, ...(entrypoint.length > 0 ? args : command)];
  const options = { cwd: THIS_RELEASE, env: environmentOf(name), stdio: "inherit" } as const;
  return spawnSync(program, words, options).status ?? 1;
}

function startInBackground(name: string): void {
  const [program = "", ...words] = (services[name]?.command ?? []).map((word) =>
    inFolder(interpolate(word), name),
  );
  launch(name, [program, ...words], environmentOf(name));
}

function launch(name: string, [program = "", ...words]: string[], env: Record<string, string>): void {
  const log = openSync(join(folder, `${name}.log`), "a");
  spawn(program, words, { cwd: THIS_RELEASE, env, stdio: ["ignore", log, log], detached: true }).unref();
  closeSync(log);
}

/** As `depends_on` with `service_healthy`. */
async function isReady(name: string): Promise<void> {
  const { HEALTH_PORT } = environmentOf(name);
  for (const deadline = Date.now() + READY_WITHIN_MS; Date.now() < deadline; await delay(250)) {
    const answer = await fetch(`http://127.0.0.1:${HEALTH_PORT}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
  }
  throw new Error(`${name} is not ready.`);
}

async function startFront(): Promise<void> {
  const state = join(folder, "volumes/front");
  const at = (name: string, ports: Record<number, number>) => ({
    [name]: [{ healthPort: Number(environmentOf(name).HEALTH_PORT), ports }],
  });
  const servers = {
    ...at("policy-server", { 8080: 8080, 8443: 8443 }),
    ...at("report-ingest", { 2525: 2525, 8444: 8444 }),
    ...at("api", { 3000: 3000 }),
  };
  const config = await readFrontConfig({
    folder: state,
    ports: { smtp: 25, http: 80, https: 443, health: 8404 },
    servers,
  });
  const file = join(folder, "haproxy.cfg");
  writeFileSync(
    file,
    config.replaceAll(/bind 127\.0\.0\.1:(25|80|443)\b/g, `bind ${process.env.FRONT_ADDRESS}:$1`),
  );
  launch("front", ["haproxy", "-W", "-db", "-f", file], environmentOf("front"));
}
