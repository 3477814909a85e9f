import { operatorAddress } from "@waxseal/core";
import { loadSettings } from "@waxseal/runtime";

export type Config = {
  databaseUrl: string;
  /** URL of the reports' database; `databaseUrl` when undefined. */
  reportsDatabaseUrl?: string | undefined;
  secretKeys: string;
  /** Behind the @ of report addresses; also the name of the SMTP server. */
  reportsDomain: string;
  /** Host of the upload; undefined: it is served but not announced. */
  reportsHost: string | undefined;
  /** Whether mail to postmaster and abuse has a recipient to be forwarded to. */
  hasOperator: boolean;
  dnsResolvers: readonly string[];
  bindAddress: string;
  smtpPort: number;
  httpsPort: number;
  healthPort: number;
  /** Networks of the fronts whose PROXY headers are believed, on both ports. */
  proxyProtocolFrom: readonly string[];
  /** Bytes a day for unsigned reports. */
  dailyBytes: number;
  /** What the database may grow to; undefined: as far as its volume allows. */
  databaseLimitBytes: number | undefined;
} & typeof CAPACITY;

const MB = 1024 * 1024;

/** What one process takes upon itself; real reports are far below all of it (RFC 8460 §5.2). */
export const CAPACITY = {
  maxMessageBytes: 25 * 1024 * 1024,
  /** Most recipients of one mail. */
  maxRecipients: 20,
  /** Most connections to each of the two listeners. */
  maxConnections: 500,
  /** Messages being received, all together, beyond what each has for itself. */
  maxBytesInFlight: 256 * 1024 * 1024,
  /** A message that takes more room than its own brings this much in each of these windows. */
  slowWindowMs: 30_000,
  slowWindowBytes: 32 * 1024,
  /** From the first byte of a mail to its last; a client may pause for minutes (RFC 5321 §4.5.3.2). */
  maxReceiveMs: 10 * 60_000,
  /** For one upload from its first byte to its last. */
  uploadTimeoutMs: 60_000,
  maxConnectionsPerAddress: 100,
  /** Per minute; the big senders deliver the reports for all of a host's domains in one wave. */
  maxMessagesPerAddress: 3_000,
  /** Per minute: unknown recipients, unknown upload addresses. */
  maxStrayPerAddress: 100,
};

/** Reads the settings of the report ingest; throws one error that names every bad variable. */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const settings = loadSettings(env, [
    "DATABASE_URL",
    "REPORTS_DATABASE_URL",
    "SECRET_KEYS",
    "REPORTS_DOMAIN",
    "REPORTS_HOST",
    "OPERATOR_MAIL",
    "ACME_CONTACT",
    "DNS_RESOLVERS",
    "BIND_ADDRESS",
    "INGEST_SMTP_PORT",
    "INGEST_HTTPS_PORT",
    "HEALTH_PORT",
    "PROXY_PROTOCOL_FROM",
    "INGEST_DAILY_MB",
    "DATABASE_LIMIT_MB",
  ]);
  return {
    databaseUrl: settings.DATABASE_URL,
    reportsDatabaseUrl: settings.REPORTS_DATABASE_URL,
    secretKeys: settings.SECRET_KEYS,
    reportsDomain: settings.REPORTS_DOMAIN,
    reportsHost: settings.REPORTS_HOST,
    hasOperator: operatorAddress(settings) !== undefined,
    dnsResolvers: settings.DNS_RESOLVERS,
    bindAddress: settings.BIND_ADDRESS,
    smtpPort: settings.INGEST_SMTP_PORT,
    httpsPort: settings.INGEST_HTTPS_PORT,
    healthPort: settings.HEALTH_PORT,
    proxyProtocolFrom: settings.PROXY_PROTOCOL_FROM,
    dailyBytes: settings.INGEST_DAILY_MB * MB,
    databaseLimitBytes: settings.DATABASE_LIMIT_MB && settings.DATABASE_LIMIT_MB * MB,
    ...CAPACITY,
  };
}
