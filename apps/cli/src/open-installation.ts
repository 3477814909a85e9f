import { readFileSync } from "node:fs";
import {
  AppError,
  type ContextSource,
  createSecretBox,
  HOSTING_SETTING_NAMES,
  type HostingSettings,
  readHostingSettings,
} from "@waxseal/core";
import type { ChannelDeps, TestDeps } from "@waxseal/core/alerting";
import { createBounceAddresses, createMailQueue } from "@waxseal/core/mail";
import { readDatabaseTimeMs } from "@waxseal/core/operating";
import { openDatabase } from "@waxseal/db";
import { createAddressGuard, createHttpsClient, createResolver, type Resolver } from "@waxseal/probes";
import { loadSettings } from "@waxseal/runtime";
import { refuseRemote } from "./find-remote.ts";
import { findSettings } from "./find-settings.ts";
import type { Terminal } from "./terminal.ts";

/** The installation a command works on. */
export type Installation = ContextSource & {
  /** @throws Error naming every setting that is missing */
  hosting(): HostingSettings;
  resolver(): Resolver;
  /** What adding and testing channels takes. @throws Error naming every setting that is missing */
  alerting(): ChannelDeps & TestDeps;
};

/**
 * Opens the database, does the work, closes it again.
 * @throws AppError `unavailable` – no installation is named and none runs here; `invalid` – an API is named instead
 */
export async function withInstallation<T>(
  terminal: Terminal,
  work: (installation: Installation) => Promise<T>,
): Promise<T> {
  refuseRemote(terminal);
  const env = findSettings(terminal.env, terminal.cwd);
  if (!env.DATABASE_URL && !env.DATABASE_URL_FILE) throw notRunning();
  const { DATABASE_URL, REPORTS_DATABASE_URL } = loadSettings(env, ["DATABASE_URL", "REPORTS_DATABASE_URL"]);
  const db = openDatabase(DATABASE_URL, { poolSize: 4, reportsDatabaseUrl: REPORTS_DATABASE_URL });
  try {
    // The database's time: the clock of the operator's own machine may be wrong.
    const offsetMs = (await readDatabaseTimeMs(db)) - performance.now();
    return await work({
      db,
      now: () => new Date(offsetMs + performance.now()),
      hosting: () => loadHosting(env),
      resolver: () => createResolver({ servers: loadSettings(env, ["DNS_RESOLVERS"]).DNS_RESOLVERS }),
      alerting: () => openAlerting(env),
    });
  } finally {
    await db.$disconnect();
  }
}

/** The databases of the installation, without opening them; of reports undefined where they are in the other. */
export function findDatabaseUrls(terminal: Terminal): {
  databaseUrl: string;
  reportsDatabaseUrl: string | undefined;
} {
  refuseRemote(terminal);
  const env = findSettings(terminal.env, terminal.cwd);
  if (!env.DATABASE_URL && !env.DATABASE_URL_FILE) throw notRunning();
  const { DATABASE_URL, REPORTS_DATABASE_URL } = loadSettings(env, ["DATABASE_URL", "REPORTS_DATABASE_URL"]);
  const isOne = REPORTS_DATABASE_URL === DATABASE_URL;
  return { databaseUrl: DATABASE_URL, reportsDatabaseUrl: isOne ? undefined : REPORTS_DATABASE_URL };
}

/** What a check from here needs; every setting has a default, so no installation is needed. */
export function loadProbing(terminal: Terminal) {
  const env = findSettings(terminal.env, terminal.cwd);
  const settings = loadSettings(env, [
    "DNS_RESOLVERS",
    "PROBE_HTTPS_PORT",
    "PROBE_SMTP_PORT",
    "ALLOW_PRIVATE_ADDRESSES",
    "ACME_CA_FILE",
  ]);
  return {
    dnsServers: settings.DNS_RESOLVERS,
    resolver: createResolver({ servers: settings.DNS_RESOLVERS }),
    httpsPort: settings.PROBE_HTTPS_PORT,
    smtpPort: settings.PROBE_SMTP_PORT,
    allowPrivate: settings.ALLOW_PRIVATE_ADDRESSES,
    caPem: settings.ACME_CA_FILE ? readFileSync(settings.ACME_CA_FILE, "utf8") : undefined,
  };
}

/** Most bytes of a channel's answer that are read; 200 characters of it are kept. */
const MAX_ANSWER_BYTES = 16_384;

function openAlerting(env: NodeJS.ProcessEnv): ChannelDeps & TestDeps {
  const settings = loadSettings(env, [
    "SECRET_KEYS",
    "REPORTS_DOMAIN",
    "PUBLIC_URL",
    "DNS_RESOLVERS",
    "ALLOW_PRIVATE_ADDRESSES",
    "ACME_CA_FILE",
  ]);
  const { SECRET_KEYS: secretKeys, REPORTS_DOMAIN: mailDomain, ACME_CA_FILE: caFile } = settings;
  const secretBox = createSecretBox(secretKeys);
  return {
    ...{ secretBox, mailDomain, publicUrl: settings.PUBLIC_URL },
    queueMail: createMailQueue(secretBox),
    bounces: createBounceAddresses(secretKeys, mailDomain),
    https: createHttpsClient({
      resolver: createResolver({ servers: settings.DNS_RESOLVERS }),
      guard: createAddressGuard({ allowPrivate: settings.ALLOW_PRIVATE_ADDRESSES }),
      caPem: caFile ? readFileSync(caFile, "utf8") : undefined,
      maxBytes: MAX_ANSWER_BYTES,
    }),
  };
}

function loadHosting(env: NodeJS.ProcessEnv): HostingSettings {
  return readHostingSettings(loadSettings(env, HOSTING_SETTING_NAMES));
}

function notRunning(): AppError {
  return new AppError(
    "unavailable",
    "Waxseal does not run in this folder. Start it with `npm start`, or name its database in DATABASE_URL.",
    { reason: "not_running" },
  );
}
