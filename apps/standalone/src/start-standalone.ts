import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { migrateBoth } from "@waxseal/db";
import { loadSettings } from "@waxseal/runtime";
import { appProcess } from "./app-process.ts";
import { buildDashboard } from "./build-dashboard.ts";
import { chooseSettings, type SandboxParts } from "./choose-settings.ts";
import { claimDataDir } from "./claim-data-dir.ts";
import { describeFailedApp } from "./explain-failed-start.ts";
import { findPort } from "./find-port.ts";
import { openLogFile } from "./open-log-file.ts";
import { seedDemo } from "./seed-demo.ts";
import { type SupervisedChild, superviseChild } from "./supervise-child.ts";
import { type SupervisedPostgres, supervisePostgres } from "./supervise-postgres.ts";

const rootDir = fileURLToPath(new URL("../../..", import.meta.url)).replace(/\/$/, "");

/** Started in this order; stopped in the opposite one. */
const APPS = ["nameserver", "policy-server", "report-ingest", "worker", "api"] as const;

/** What only the environment can say when the sandbox, or a part of it, is off. */
const WITHOUT_DEFAULT = [
  "DNS_RESOLVERS",
  "ACME_DIRECTORY_URL",
  "SMTP_URL",
  "SECRET_KEYS",
  "POLICY_ADDRESSES",
] as const;

export type Standalone = {
  env: Record<string, string>;
  sandbox: SandboxParts;
  /** Process ids by name, for tests that kill one. */
  pids(): Record<string, number | undefined>;
  stop(): Promise<void>;
};

type Options = {
  env: NodeJS.ProcessEnv;
  dataDir: string;
  /** No demo account and no demo data. */
  empty: boolean;
  tell(line: string): void;
  /** The databases as an app connects to them, by app, where that is not as the settings say. */
  databaseUrls?: DatabaseUrls;
};

/**
 * Starts the whole product on this machine: embedded Postgres (unless DATABASE_URL names another), migrations,
 * the sandbox, and every app as its own process, restarted when it dies.
 *
 * @throws Error one sentence for the operator; whatever had started is stopped again
 */
export async function startStandalone(options: Options): Promise<Standalone> {
  const { env, dataDir, empty, tell, databaseUrls = {} } = options;
  const claim = claimDataDir(dataDir);
  const children: SupervisedChild[] = [];
  let postgres: SupervisedPostgres | undefined;
  const stop = async () => {
    const inOrder = [...children].reverse();
    await Promise.all(inOrder.map((child) => child.stop()));
    await postgres?.stop();
    claim.release();
  };
  try {
    const { env: chosen, sandbox } = await chooseSettings(env, dataDir);
    loadSettings(chosen, WITHOUT_DEFAULT);
    const logDir = join(dataDir, "logs");
    mkdirSync(logDir, { recursive: true });
    const building = buildDashboard(rootDir, env);
    // It is waited for below; until then its failure must not count as unhandled.
    building.catch(() => undefined);
    if (!chosen.DATABASE_URL && !chosen.DATABASE_URL_FILE) {
      const logName = join(logDir, "postgres.log");
      const log = openLogFile(logName);
      postgres = await supervisePostgres({ dataDir: join(dataDir, "postgres"), log, logName, tell });
      chosen.DATABASE_URL = postgres.databaseUrl;
    }
    const { DATABASE_URL, REPORTS_DATABASE_URL } = loadSettings(chosen, [
      "DATABASE_URL",
      "REPORTS_DATABASE_URL",
    ]);
    await migrateBoth(DATABASE_URL, REPORTS_DATABASE_URL);
    const start = (name: string, script: string) =>
      startChild(name, script, { chosen, databaseUrls, logDir, tell, children });
    if (sandbox.any) await start("sandbox", join(rootDir, "packages/sandbox/src/main.ts"));
    if (await building) tell("Built the dashboard.");
    await Promise.all(APPS.map((app) => start(app, join(rootDir, `apps/${app}/src/main.ts`))));
    const pids = () => ({
      ...(postgres && { postgres: postgres.pid() }),
      ...Object.fromEntries(children.map((child) => [child.name, child.pid()])),
    });
    claim.publish({ env: chosen, apps: pids() });
    if (!empty && sandbox.customerDns) await seedDemo(chosen, tell);
    return { env: chosen, sandbox, pids, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type DatabaseUrls = Readonly<Record<string, { databaseUrl: string; reportsDatabaseUrl: string }>>;

type Shared = {
  chosen: Record<string, string>;
  databaseUrls: DatabaseUrls;
  logDir: string;
  tell(line: string): void;
  children: SupervisedChild[];
};

async function startChild(
  name: string,
  script: string,
  { chosen, databaseUrls, logDir, tell, children }: Shared,
): Promise<void> {
  const logName = join(logDir, `${name}.log`);
  const log = openLogFile(logName);
  const healthPort = name === "sandbox" ? 0 : await findPort(0, "127.0.0.1");
  const urls = databaseUrls[name];
  const env = {
    ...chosen,
    ...(urls && { DATABASE_URL: urls.databaseUrl, REPORTS_DATABASE_URL: urls.reportsDatabaseUrl }),
    HEALTH_PORT: String(healthPort),
  };
  const { nodeArgs, env: appEnv } = appProcess(name);
  const child = await superviseChild({
    name,
    script,
    env: { ...appEnv, ...env },
    nodeArgs,
    log,
    tell,
  }).catch((cause: Error) => {
    throw new Error(describeFailedApp({ name, reason: cause.message, env: chosen, logName }), { cause });
  });
  children.push(child);
}
