import { execFile } from "node:child_process";
import { randomInt } from "node:crypto";
import { rmSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createContext } from "@waxseal/core";
import { createAccount, createApiKey, createUser, OPERATOR } from "@waxseal/core/accounts";
import { APP_ROLES, type ConfinedApp, openDatabase } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { findPort } from "../src/find-port.ts";
import { type Standalone, startStandalone } from "../src/start-standalone.ts";

const cliMain = fileURLToPath(new URL("../../cli/src/main.ts", import.meta.url));

/** Processes that start over and over read the same TypeScript compiled already: each saves a third of its start. */
export const COMPILE_CACHE = join(tmpdir(), `waxseal-compile-cache-${process.getuid?.() ?? 0}`);

const PORTS = [
  "PORT",
  "POLICY_HTTPS_PORT",
  "POLICY_HTTP_PORT",
  "INGEST_SMTP_PORT",
  "INGEST_HTTPS_PORT",
  "DNS_PORT",
  "SANDBOX_DNS_PORT",
  "SANDBOX_ACME_PORT",
  "SANDBOX_MX_PORT",
  "SANDBOX_MAIL_SMTP_PORT",
  "SANDBOX_MAIL_WEB_PORT",
  "SANDBOX_CONTROL_PORT",
  "SANDBOX_HOOKS_PORT",
] as const;

export type TestStandalone = Standalone & {
  /** Folder of this installation; the command line works in it. */
  folder: string;
  lines: string[];
  /** Runs `waxseal … --json` and returns what it printed. */
  cli<T>(...args: string[]): Promise<T>;
  /** Calls the API with a key of the account. */
  api<T>(method: string, path: string, options?: { key?: string; body?: unknown }): Promise<ApiAnswer<T>>;
  /** A new user with an account and an API key of it. */
  newAccount(name: string): Promise<{ email: string; password: string; key: string }>;
};

export type ApiAnswer<T> = { status: number; body: T; headers: Headers };

/**
 * Free ports for everything, so that test files can run side by side. Below the ephemeral ports of the system: one of these
 * could be an outgoing connection's before it is bound.
 */
async function freePorts(): Promise<Record<(typeof PORTS)[number], string>> {
  const ports: Partial<Record<(typeof PORTS)[number], string>> = {};
  const first = randomInt(10_000, 31_000);
  for (const [place, name] of PORTS.entries())
    ports[name] = String(await findPort(first + place, "127.0.0.1", { udp: true }));
  return ports as Record<(typeof PORTS)[number], string>;
}

/**
 * The whole product as `npm start` runs it, in a folder of its own. Its database is a fresh one on the tests' Postgres, which saves
 * making a cluster and migrating it; `embedded`: a Postgres of its own, as a person has it.
 */
export async function startTestStandalone(
  settings: Record<string, string> = {},
  { empty = true, embedded = false }: { empty?: boolean; embedded?: boolean } = {},
): Promise<TestStandalone> {
  const database = embedded ? undefined : await findTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), "waxseal-e2e-"));
  await chmod(folder, 0o711);
  const lines: string[] = [];
  const made = new Map<string, number>();
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: process.env.HOME ?? "",
    NODE_COMPILE_CACHE: COMPILE_CACHE,
    ...(await freePorts()),
    ...(database && {
      DATABASE_URL: database.databaseUrl,
      REPORTS_DATABASE_URL: database.reportsDatabaseUrl,
    }),
    ...settings,
  };
  const standalone = await startStandalone({
    env,
    dataDir: join(folder, ".waxseal"),
    empty,
    tell: (line) => lines.push(line),
    ...(database && { databaseUrls: await roleUrls(database) }),
  });
  const cli = <T>(...args: string[]) => runCli<T>(folder, args);
  return {
    ...standalone,
    folder,
    lines,
    cli,
    api: (method, path, options = {}) => callApi(`http://127.0.0.1:${env.PORT}${path}`, method, options),
    newAccount: async (name) => {
      const nth = (made.get(name) ?? 0) + 1;
      made.set(name, nth);
      // A test that is tried again makes its people again.
      const email = `${name.toLowerCase()}${nth > 1 ? nth : ""}@example.com`;
      const password = `password of ${name}`;
      const key = await makeAccount(standalone.env.DATABASE_URL ?? "", { name, email, password });
      return { email, password, key };
    },
    stop: async () => {
      await standalone.stop();
      await database?.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

let shared: Promise<TestStandalone> | undefined;

/**
 * The whole product for test files that change nothing of the installation itself: the first of a worker process starts it, and its
 * apps end with that process. Each file has people, accounts and domains of names that no other has.
 */
export async function shareTestStandalone(): Promise<TestStandalone> {
  shared ??= startTestStandalone().then((standalone) => {
    process.once("exit", () => rmSync(standalone.folder, { recursive: true, force: true }));
    return standalone;
  });
  return { ...(await shared), stop: async () => {} };
}

/** As `waxseal user create`, `account create` and `api-key create` do, without the seconds that three processes take to start. */
async function makeAccount(
  databaseUrl: string,
  { name, email, password }: { name: string; email: string; password: string },
): Promise<string> {
  const source = { db: openDatabase(databaseUrl), now: () => new Date() };
  try {
    await createUser(source, { email, password });
    const account = await createAccount(source, { name, ownerEmail: email });
    const ctx = createContext(source, account.id, OPERATOR);
    return (await createApiKey(ctx, { name: "e2e", scope: "admin" })).key;
  } finally {
    await source.db.$disconnect();
  }
}

/** Every app with no more rights than its role has in production. */
async function roleUrls(database: TestDatabase) {
  const urls: Record<string, { databaseUrl: string; reportsDatabaseUrl: string }> = {};
  for (const app of Object.keys(APP_ROLES) as ConfinedApp[]) urls[app] = await database.urlsAs(app);
  return urls;
}

/** Undefined outside of vitest, as in the benchmarks: then it is embedded. */
async function findTestDatabase(): Promise<TestDatabase | undefined> {
  if (!process.env.VITEST) return undefined;
  const { inject } = await import("vitest");
  return createTestDatabase(inject("templateDatabaseUrl"));
}

async function runCli<T>(folder: string, args: string[]): Promise<T> {
  return new Promise((resolve, reject) => {
    // Not the login of the person who runs the tests.
    const env = { ...process.env, XDG_CONFIG_HOME: folder, NODE_COMPILE_CACHE: COMPILE_CACHE };
    execFile(
      process.execPath,
      [cliMain, ...args, "--json"],
      { cwd: folder, env },
      (error, stdout, stderr) => {
        if (error) reject(new Error(`waxseal ${args.join(" ")}: ${stdout}${stderr}`));
        else resolve(JSON.parse(stdout) as T);
      },
    );
  });
}

async function callApi<T>(
  url: string,
  method: string,
  { key, body }: { key?: string; body?: unknown },
): Promise<ApiAnswer<T>> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(key ? { authorization: `Bearer ${key}` } : {}),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json");
  return {
    status: response.status,
    body: (isJson ? JSON.parse(text) : text) as T,
    headers: response.headers,
  };
}
