import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { migrate, openDatabase, startEmbeddedPostgres } from "@waxseal/db";
import { appProcess } from "../src/app-process.ts";
import { findPort } from "../src/find-port.ts";
import type { BenchReport } from "./bench-report.ts";
import { ensureBenchPeers } from "./ensure-bench-peers.ts";
import { measurePolicyServers } from "./measure-policy-servers.ts";
import { type BenchPki, openBenchPki } from "./open-bench-pki.ts";
import { planCaddy, planNginx } from "./plan-policy-peers.ts";
import { type RunningServer, type ServerPlan, startServer } from "./policy-server-under-test.ts";
import { seedBenchDomains } from "./seed-bench-domains.ts";

const POLICY_SERVER = fileURLToPath(new URL("../../policy-server/src/main.ts", import.meta.url));

/** Policy fetches per CPU second, latency, memory and start of our policy server beside Caddy and nginx. */
export async function run(args: readonly string[], tell: (line: string) => void): Promise<BenchReport> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      /** Domains, each with its certificate. */
      names: { type: "string", default: "50000" },
      /** Comma list of ours, caddy, nginx. */
      servers: { type: "string", default: "ours,caddy,nginx" },
      rounds: { type: "string", default: "3" },
      /** Of one measurement of one server. */
      seconds: { type: "string", default: "6" },
    },
  });
  const names = Number(values.names);
  const wanted = values.servers.split(",");
  ensureBenchPeers(Object.fromEntries(wanted.filter((name) => name !== "ours").map((name) => [name, name])));
  const pki = await openBenchPki(names, tell);
  const folder = await mkdtemp(join(tmpdir(), "waxseal-bench-"));
  // Postgres runs as another user and has to pass through.
  await chmod(folder, 0o711);
  const cleanUps: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const onSignal = () => void cleanUp(cleanUps).then(() => process.exit(130));
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  try {
    const servers: RunningServer[] = [];
    for (const name of wanted) {
      const plan = await PLANS[name]?.({ pki, names, folder, cleanUps, tell });
      if (!plan) throw new Error(`--servers: "${name}" is not among ${Object.keys(PLANS).join(", ")}`);
      const server = await startServer(plan, names);
      cleanUps.push(() => server.stop());
      tell(`${name} answers after ${(server.startMs / 1_000).toFixed(2)} s`);
      servers.push(server);
    }
    return await measurePolicyServers(servers, {
      names,
      rootPem: pki.rootPem,
      rounds: Number(values.rounds),
      roundMs: Number(values.seconds) * 1_000,
      tell,
    });
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
    await cleanUp(cleanUps);
  }
}

type Input = {
  pki: BenchPki;
  names: number;
  folder: string;
  cleanUps: (() => Promise<unknown>)[];
  tell(line: string): void;
};

const PLANS: Record<string, (input: Input) => Promise<ServerPlan>> = {
  ours: planPolicyServer,
  caddy: planCaddy,
  nginx: planNginx,
};

/** The policy server as it is started in production, on a database with the domains. */
async function planPolicyServer({ pki, names, folder, cleanUps, tell }: Input): Promise<ServerPlan> {
  const dataDir = join(folder, "postgres");
  const postgres = await startEmbeddedPostgres({ dataDir, unsafeFast: true });
  cleanUps.push(() => postgres.stop());
  await migrate(postgres.databaseUrl);
  const db = openDatabase(postgres.databaseUrl);
  const secretKeys = `bench:${randomBytes(32).toString("base64url")}`;
  tell(`storing ${names} domains`);
  await seedBenchDomains(db, { pki, names, secretKeys });
  await db.$disconnect();
  const port = await findPort(0, "127.0.0.1");
  const { nodeArgs, env } = appProcess("policy-server");
  return {
    name: "ours",
    command: process.execPath,
    args: [...(process.env.BENCH_NODE_ARGS?.split(" ") ?? nodeArgs), POLICY_SERVER],
    env: {
      ...env,
      DATABASE_URL: postgres.databaseUrl,
      SECRET_KEYS: secretKeys,
      POLICY_HTTPS_PORT: String(port),
      POLICY_HTTP_PORT: String(await findPort(0, "127.0.0.1")),
      HEALTH_PORT: "0",
      STATE_DIR: join(folder, "state"),
      LOG_LEVEL: "warn",
    },
    port,
    helperPid: await readPostmasterPid(dataDir),
  };
}

async function readPostmasterPid(dataDir: string): Promise<number> {
  const [pid] = (await readFile(join(dataDir, "postmaster.pid"), "latin1")).split("\n");
  return Number(pid);
}

async function cleanUp(cleanUps: (() => Promise<unknown>)[]): Promise<void> {
  for (const undo of cleanUps.splice(0).reverse()) await undo().catch(() => undefined);
}
