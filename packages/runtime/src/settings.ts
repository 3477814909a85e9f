import { readFileSync } from "node:fs";
import { z } from "zod";
import { explainFileError } from "./explain-file-error.ts";
import { explainInput } from "./explain-input.ts";
import { SettingsError } from "./settings-error.ts";

const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback);
const isYes = (text: string) => text === "1" || text === "true";
const flag = z.enum(["0", "1", "true", "false", ""]).default("0").transform(isYes);
const hostPort = /^(\[[0-9a-fA-F:.]+\]|[^\s:,]+)(:\d{1,5})?$/;
const list = z
  .string()
  .default("")
  .transform((text) =>
    text
      .split(",")
      .map((item) => item.trim())
      .filter((item) => item !== ""),
  );

/** One host or several; a password may hold any character, also unencoded. */
const databaseUrl = z
  .string()
  .regex(
    /^postgres(ql)?:\/\/(.*@)?([\w.%-]*|\[[\da-f:.]+\])(:\d{1,5})?(,([\w.%-]+|\[[\da-f:.]+\])(:\d{1,5})?)*(\/[^@]*)?(\?[^@]*)?$/is,
    "must be postgresql://user:password@host:port/database, several hosts with commas between them",
  );

/** An all-lower-case host name without a trailing dot. */
const hostName = z
  .string()
  .transform((text) => text.toLowerCase().replace(/\.$/, ""))
  .pipe(z.string().regex(/^(?!-)[a-z0-9-]{1,63}(\.[a-z0-9_-]{1,63})+$/, "is not a host name"));

/**
 * Every setting of every process, by its environment variable; `.env.example` lists the same.
 * Secrets (see {@link SECRETS}) may be given as a file with NAME_FILE instead.
 */
export const SETTINGS = {
  /** Postgres of this installation, several hosts with commas between them (RUNBOOKS.md). Unset in `npm start`: an embedded one. */
  DATABASE_URL: databaseUrl,
  /** Postgres of the reports alone, for an installation that outgrows one machine (README). Unset: DATABASE_URL. */
  REPORTS_DATABASE_URL: databaseUrl.optional(),
  /** Where people reach the dashboard, without a trailing slash. */
  PUBLIC_URL: z.url().transform((url) => url.replace(/\/$/, "")),
  /** The zone all CNAME targets live in; delegated to our nameserver or to Route 53. */
  HOSTED_ZONE: hostName,
  /** The domain behind the @ of report addresses; its MX is the report ingest. */
  REPORTS_DOMAIN: hostName,
  /** Host name of the HTTPS report upload. Unset: reports are asked for by mail only. */
  REPORTS_HOST: hostName.optional(),
  /** Addresses of the policy servers, comma-separated: the A and AAAA of every policy host. */
  POLICY_ADDRESSES: list.pipe(
    z.array(z.union([z.ipv4(), z.ipv6()], "is not an IP address")).min(1, "needs at least one address"),
  ),
  /** Names of the nameservers of HOSTED_ZONE, comma-separated; the first is the primary of the SOA. */
  NAMESERVERS: list.pipe(z.array(hostName)),
  /** Addresses of those of them that lie in HOSTED_ZONE, `name=address,…`, or only addresses when there is one. Unset: POLICY_ADDRESSES. */
  NAMESERVER_ADDRESSES: list,
  /** Resolvers for every look-up we make, `host:port,…`. Unset: the system's. */
  DNS_RESOLVERS: list.pipe(z.array(z.string().regex(hostPort, "is not host:port"))),
  /** Who answers for HOSTED_ZONE. */
  DNS_PUBLISHER: z.enum(["builtin", "route53"]).default("builtin"),
  /** Secondary nameservers that may transfer the zone and get NOTIFY, `address[:port],…` (RFC 5936, RFC 1995, RFC 1996). */
  DNS_SECONDARIES: list,
  /** Key they must sign with, `name:hmac-sha256:base64` (RFC 8945). Unset: their address is enough. */
  DNS_TSIG_KEY: z.string().optional(),
  /** Route 53 hosted zone id, for DNS_PUBLISHER=route53. */
  ROUTE53_ZONE_ID: z.string().optional(),
  /** Other endpoint of the Route 53 API, for tests. */
  ROUTE53_ENDPOINT: z.url().optional(),
  /** ACME directories, comma-separated: the first is preferred, the next is the fallback (RFC 8555 §7.1.1). */
  ACME_DIRECTORY_URL: list.pipe(z.array(z.url()).min(1, "needs at least one directory URL")),
  /** Email address the CA may write to (RFC 8555 §7.3). */
  ACME_CONTACT: z.email().optional(),
  /** External account binding: key id (RFC 8555 §7.3.4). */
  ACME_EAB_KID: z.string().optional(),
  /** External account binding: HMAC key, base64url. */
  ACME_EAB_HMAC_KEY: z.string().optional(),
  /** Certificate profile to ask the CA for where its directory lists it, e.g. tlsserver or shortlived (draft-aaron-acme-profiles). */
  ACME_PROFILE: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .optional(),
  /** PEM file with further roots: trusted for the ACME directory and when we look at policies and MX hosts. */
  ACME_CA_FILE: z.string().optional(),
  /** Names of our CAs for the CAA set at the CNAME targets (RFC 8659 §4.2), comma-separated. */
  ACME_CAA_IDENTITIES: list,
  /** Those of them that obey accounturi and validationmethods (RFC 8657), besides Let's Encrypt: CAA then names our account. */
  ACME_CAA_ACCOUNT_IDENTITIES: list,
  /** Mail out, e.g. smtps://user:password@mail.example.net. */
  SMTP_URL: z.url({ protocol: /^smtps?$/ }),
  /** Whether smtp:// must become TLS by STARTTLS before a mail or password is sent. Unset: yes if SMTP_URL has a user. */
  SMTP_REQUIRE_TLS: z.enum(["0", "1", "true", "false"]).transform(isYes).optional(),
  /** Where mail to postmaster and abuse at REPORTS_DOMAIN is forwarded to (RFC 5321 §4.5.1, RFC 2142); not in that domain itself. Unset: ACME_CONTACT. */
  OPERATOR_MAIL: z.email().optional(),
  /** Where the worker posts JSON about what is wrong with the installation itself, besides mail to OPERATOR_MAIL. Slack's incoming webhooks take it too. */
  OPERATOR_ALERT_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** A Chromium on this machine, by its full path: monthly reports are mailed with a PDF that it prints. Unset: without one. */
  CHROMIUM_PATH: z.string().startsWith("/", "is no full path").optional(),
  /** Posted to each minute while the worker watches the installation: a dead man's switch, e.g. a check of healthchecks.io. */
  HEARTBEAT_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** From: address of our mails. */
  MAIL_FROM: z.string().min(3),
  /** Keys for secrets at rest: `name:base64url of 32 bytes`, comma-separated; the first encrypts, all decrypt. */
  SECRET_KEYS: z.string().min(1),
  /** The port our MX probes connect to. */
  PROBE_SMTP_PORT: port(25),
  /** What our MX probes say in EHLO; its address should be the one they come from. Unset: the MX of REPORTS_DOMAIN, in the api the host of PUBLIC_URL. */
  PROBE_EHLO_NAME: z
    .string()
    .regex(/^[A-Za-z0-9.-]{1,253}$/, "is not a host name")
    .optional(),
  /** A mail address or page for mail operators who ask about our MX probes; they see it in their logs. */
  PROBE_CONTACT: z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, "is not one word")
    .optional(),
  /** New connections to MX hosts in a minute, of all processes together. 60 test 20,000 hosts of mixed modes in time; 150, when all enforce. */
  PROBE_CONNECTIONS_A_MINUTE: z.coerce.number().int().min(20).max(6_000).default(60),
  /** MX hosts that say whether our own line works, comma-separated: while none of them is good, no MX host becomes bad. Unset: the MX of REPORTS_DOMAIN and one of Gmail. */
  PROBE_CONTROL_HOSTS: list,
  /** The port our policy fetches connect to. */
  PROBE_HTTPS_PORT: port(443),
  /** The port our http-01 self-check connects to. */
  PROBE_HTTP_PORT: port(80),
  /** Lets probes connect to private and loopback addresses. Never on a public server. */
  ALLOW_PRIVATE_ADDRESSES: flag,
  /** Address all listeners bind to. */
  BIND_ADDRESS: z.union([z.ipv4(), z.ipv6()], "is not an IP address").default("127.0.0.1"),
  /** API and dashboard. */
  PORT: port(3000),
  /** Policies over HTTPS. */
  POLICY_HTTPS_PORT: port(8443),
  /** ACME http-01. */
  POLICY_HTTP_PORT: port(8080),
  /** Networks of the fronts that send PROXY v2 to the policy, upload and SMTP ports, e.g. 172.16.0.0/12; no other sender of such headers is believed. */
  PROXY_PROTOCOL_FROM: list.pipe(z.array(z.union([z.cidrv4(), z.cidrv6()], "is not a list of networks"))),
  /** Megabytes a day, in each ingest, for unsigned TLS reports: an eighth for one account, less for one domain or sender. Signed ones have as much again. */
  INGEST_DAILY_MB: z.coerce.number().int().min(1).max(1_000_000).default(1_024),
  /** Megabytes the database may grow to: reports are refused from nine tenths on, so that everything else goes on. Unset: only the volume is watched, where Postgres is on the same machine. */
  DATABASE_LIMIT_MB: z.coerce.number().int().min(100).optional(),
  /** TLS reports by mail. */
  INGEST_SMTP_PORT: port(2525),
  /** TLS reports by HTTPS. */
  INGEST_HTTPS_PORT: port(8444),
  /** Authoritative DNS, UDP and TCP. */
  DNS_PORT: port(5354),
  /** /healthz, /readyz and /metrics, on a port of their own that no front forwards; 0: off. */
  HEALTH_PORT: port(0),
  /** Jobs one worker runs at a time; each mostly waits for answers of other servers. */
  WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(200).default(12),
  /** Folder for what a process keeps across restarts (the policy servers' snapshot, the nameserver's zone). */
  STATE_DIR: z.string().optional(),
  /** Control API of the sandbox; set by `npm start` only. */
  SANDBOX_URL: z.url().optional(),
  /** Web page of the sandbox's mail catcher; set by `npm start` only. */
  SANDBOX_MAIL_URL: z.url().optional(),
  /** Seconds between SIGTERM and the end in which a process is not ready and still serves, so that a front sends nothing new. */
  DRAIN_SECONDS: z.coerce.number().int().min(0).max(300).default(0),
  /** Who may sign up: open, invitation, closed, or mail domains with commas between them. `waxseal operator sign-up` changes it at once. */
  SIGN_UP: z.string().default("open"),
  /** How much is logged. */
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
} as const;

/** Settings that must not be seen; each may be given as NAME_FILE. */
export const SECRETS = [
  "DATABASE_URL",
  "REPORTS_DATABASE_URL",
  "SECRET_KEYS",
  "SMTP_URL",
  "ACME_EAB_HMAC_KEY",
  "DNS_TSIG_KEY",
] as const;

/** Name of a setting. */
export type SettingName = keyof typeof SETTINGS;

/** The values of some settings, by name. */
export type Settings<Name extends SettingName> = { [N in Name]: z.output<(typeof SETTINGS)[N]> };

/**
 * Reads the named settings from the environment.
 *
 * An empty variable or file counts as unset. Secrets may come from the file that NAME_FILE names.
 * @throws SettingsError one message that names every bad variable
 */
export function loadSettings<Name extends SettingName>(
  env: NodeJS.ProcessEnv,
  names: readonly Name[],
): Settings<Name> {
  const problems: string[] = [];
  const values: Partial<Record<Name, unknown>> = {};
  for (const name of names) {
    try {
      const result = SETTINGS[name].safeParse(readVariable(env, name), { error: explainInput });
      if (result.success) values[name] = result.data;
      else problems.push(`  ${name}: ${describe(result.error)}`);
    } catch (error) {
      problems.push(`  ${name}: the file that ${name}_FILE names ${explainFileError(error)}`);
    }
  }
  if (problems.length > 0) throw new SettingsError(`Bad settings:\n${problems.join("\n")}`);
  return complete(values);
}

/** Every name has been given a value, or loadSettings has thrown. */
function complete<Name extends SettingName>(values: Partial<Record<Name, unknown>>): Settings<Name> {
  return values as Settings<Name>;
}

function readVariable(env: NodeJS.ProcessEnv, name: SettingName): string | undefined {
  const file = SECRETS.some((secret) => secret === name) ? env[`${name}_FILE`] : undefined;
  if (file) return readFileSync(file, "utf8").trim() || undefined;
  return env[name] === "" ? undefined : env[name];
}

function describe(error: z.ZodError): string {
  const missing = error.issues.some((issue) => "input" in issue && issue.input === undefined);
  if (missing || error.issues.every((issue) => issue.message === "It is missing.")) return "is not set";
  return error.issues.map((issue) => issue.message).join("; ");
}
