import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createContext, createSecretBox } from "@waxseal/core";
import { createAccount, createApiKey, createUser, OPERATOR } from "@waxseal/core/accounts";
import { createMailer, sendOutgoingMail } from "@waxseal/core/mail";
import type { Database, ReportsDatabase } from "@waxseal/db";
import { createTestDatabase } from "@waxseal/db/testing";
import { createLogger } from "@waxseal/runtime";
import { type MailCatcher, startCustomerDns, startMailCatcher, type ZoneStore } from "@waxseal/sandbox";
import type { Config } from "../src/config.ts";
import { startApi } from "../src/start-api.ts";

/** Where the tests' browsers believe the site to be. */
export const PUBLIC_URL = "http://waxseal.example";

/** What a test sends besides method and path. */
type Ask = {
  key?: string;
  cookie?: string;
  /** The account that the request names. */
  account?: string;
  body?: unknown;
  headers?: Record<string, string>;
};

/** An answer, its JSON read when there is any. */
export type Answer = { status: number; headers: Headers; text: string; json: unknown };

export type TestApi = {
  url: string;
  db: Database;
  reports: ReportsDatabase;
  databaseUrl: string;
  mails: MailCatcher["mails"];
  /** Zones of the DNS that the API asks. */
  zones: ZoneStore;
  ask(method: string, path: string, options?: Ask): Promise<Answer>;
  newAccount(name: string): Promise<{ accountId: string; key: string }>;
  /** The cookie of a new user with that role in the account. */
  signInAs(accountId: string, role: string, email?: string): Promise<string>;
  stop(): Promise<void>;
};

/** A whole API on a database of its own, with a mail catcher and a DNS server beside it. */
export async function startTestApi(
  templateDatabaseUrl: string,
  changes: Partial<Config> & {
    distDir?: string;
    now?: () => Date;
    caPem?: string;
    /** This machine's own clock, which the API compares with the database's. */
    machineMs?: () => number;
    setDate?: (nowMs: () => number) => void;
  } = {},
): Promise<TestApi> {
  const { distDir, caPem, now = () => new Date(), machineMs, setDate, ...configChanges } = changes;
  const folder = await mkdtemp(join(tmpdir(), "waxseal-api-"));
  const database = await createTestDatabase(templateDatabaseUrl);
  const catcher = await startMailCatcher({ smtpPort: 0, httpPort: 0, dataDir: join(folder, "mail") });
  const dns = await startCustomerDns({ port: 0, dataDir: join(folder, "dns") });
  const config = {
    ...testConfig(await database.urlsAs("api"), dns.dnsServer),
    ...configChanges,
  };
  if (caPem !== undefined) config.probes = { ...config.probes, caPem };
  const logger = createLogger("api", "silent");
  const api = await startApi(config, {
    logger,
    now,
    distDir: distDir ?? join(folder, "dist"),
    ...(machineMs && { machineMs }),
    ...(setDate && { setDate }),
  });
  const stopSending = sendQueuedMails(database.db, config.secretKeys, catcher.smtpUrl);
  const source = { db: database.db, now };
  return {
    url: api.url,
    db: database.db,
    reports: database.reports,
    databaseUrl: database.databaseUrl,
    mails: catcher.mails,
    zones: dns.zones,
    ask: (method, path, options) => ask(api.url, method, path, options),
    newAccount: async (name) => {
      const { id } = await createAccount(source, { name });
      const { key } = await createApiKey(createContext(source, id, OPERATOR), { name: "test" });
      return { accountId: id, key };
    },
    signInAs: async (accountId, role, email = `${randomUUID()}@people.example`) => {
      const body = { email, password: "a long enough password" };
      const { id: userId } = await createUser(source, body);
      await database.db.member.create({
        data: { id: randomUUID(), organizationId: accountId, userId, role, createdAt: now() },
      });
      const { headers } = await ask(api.url, "POST", "/api/auth/sign-in/email", { body });
      const cookies = headers.getSetCookie().map((cookie) => cookie.split(";")[0]);
      return cookies.join("; ");
    },
    stop: async () => {
      await api.stop();
      await stopSending();
      await Promise.all([catcher.stop(), dns.stop(), database.drop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Sends what the API queues, as a worker does. */
function sendQueuedMails(db: Database, secretKeys: string, smtpUrl: string): () => Promise<void> {
  const mailer = createMailer({ smtpUrl, from: "Waxseal <no-reply@waxseal.example>" });
  const deps = { db, mailer, secretBox: createSecretBox(secretKeys), messageIdHost: "waxseal.example" };
  let stopped = false;
  const pass = async () => {
    const waiting = await db.outgoingMail.findMany({ where: { state: "waiting" }, select: { id: true } });
    for (const { id } of waiting) await sendOutgoingMail(deps, { mailId: id });
  };
  const sending = (async () => {
    while (!stopped) {
      await pass().catch(() => undefined);
      await delay(50);
    }
    mailer.close();
  })();
  return () => {
    stopped = true;
    return sending;
  };
}

function testConfig(urls: Pick<Config, "databaseUrl" | "reportsDatabaseUrl">, dnsServer: string): Config {
  return {
    ...urls,
    publicUrl: PUBLIC_URL,
    bindAddress: "127.0.0.1",
    port: 0,
    healthPort: 0,
    secretKeys: `test:${Buffer.alloc(32, 7).toString("base64url")}`,
    hosting: {
      hostedZone: "hosted.example",
      reportsDomain: "reports.hosted.example",
      reportsHost: "upload.hosted.example",
      policyAddresses: ["127.0.0.1"],
      nameservers: ["ns1.hosted.example"],
      caaIdentities: ["ca.example"],
    },
    probes: {
      dnsServers: [dnsServer],
      httpsPort: 1,
      smtpPort: 1,
      allowPrivateAddresses: true,
      caPem: undefined,
    },
    sandbox: undefined,
    limitsRate: false,
  };
}

async function ask(url: string, method: string, path: string, options: Ask = {}): Promise<Answer> {
  const { key, cookie, account, body } = options;
  const response = await fetch(url + path, {
    method,
    redirect: "manual",
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(cookie === undefined ? {} : { cookie }),
      ...(account === undefined ? {} : { "x-waxseal-account": account }),
      ...(cookie !== undefined || path.startsWith("/api/auth/") ? { origin: PUBLIC_URL } : {}),
      ...options.headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = text !== "" && (response.headers.get("content-type") ?? "").includes("json");
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson ? JSON.parse(text) : undefined,
  };
}
