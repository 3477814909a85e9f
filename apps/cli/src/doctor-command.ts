import { createSecretBox, reportsMxHost } from "@waxseal/core";
import { listCaBudgets } from "@waxseal/core/certificates";
import { createMailer, MailNotTaken } from "@waxseal/core/mail";
import { listConditions, measureDatabaseRoom } from "@waxseal/core/operating";
import { type Database, readDatabaseTraits } from "@waxseal/db";
import { findMissingMigrations } from "@waxseal/db/missing-migrations";
import { loadSettings } from "@waxseal/runtime";
import type { Command } from "commander";
import {
  checkDelegation,
  checkHostPort,
  checkPort,
  checkReportsMx,
  checkSenderDomain,
  type DoctorFinding,
  ok,
  wrong,
} from "./doctor-checks.ts";
import { checkConditions } from "./doctor-conditions.ts";
import { checkNameservers, checkOwnPolicies, checkRoom } from "./doctor-own-domains.ts";
import { checkClock, checkDatabase, checkSettings } from "./doctor-settings.ts";
import { findSettings } from "./find-settings.ts";
import { findDatabaseUrls, type Installation, withInstallation } from "./open-installation.ts";
import type { Run } from "./run-cli.ts";
import type { Terminal } from "./terminal.ts";

const MAX_KEYS = 5_000;

/** `doctor`: what is wrong with this installation, and how to put it right. Exit status 1 when something is. */
export function doctorCommand(program: Command, run: Run): void {
  program
    .command("doctor")
    .description("what is wrong with this installation, and how to put it right")
    .action(() =>
      run((terminal) =>
        withInstallation(terminal, async (installation) => {
          const findings = [
            ...checkSettings(findSettings(terminal.env, terminal.cwd)),
            checkClock(terminal.now().getTime(), installation.now().getTime()),
            ...(await Promise.all(databaseUrlsOf(terminal).map(readDatabaseTraits))).map(checkDatabase),
            ...(await examineDatabase(installation, terminal)),
            ...(await examineNetwork(installation, terminal)),
          ];
          const failed = findings.some(({ state }) => state === "wrong");
          return { json: findings, text: findings.map(formatFinding).join(""), failed };
        }),
      ),
    );
}

function databaseUrlsOf(terminal: Terminal): string[] {
  const { databaseUrl, reportsDatabaseUrl } = findDatabaseUrls(terminal);
  return [...new Set([databaseUrl, reportsDatabaseUrl ?? databaseUrl])];
}

function formatFinding({ state, text, fix }: DoctorFinding): string {
  return `${state.padEnd(7)}  ${text}\n${fix ? `         ${fix}\n` : ""}`;
}

/** Schema, keys, what processes reported, and connections. */
async function examineDatabase({ db, now }: Installation, terminal: Terminal): Promise<DoctorFinding[]> {
  const missing = await findMissingMigrations(db);
  if (missing.length > 0)
    return [wrong("schema", `The database lacks ${missing.length} migrations.`, "Run `waxseal db migrate`.")];
  const [connections = { used: 0, allowed: 1 }] = await db.$queryRaw<{ used: number; allowed: number }[]>`
    select count(*)::int as used, current_setting('max_connections')::int as allowed
    from pg_stat_activity where backend_type = 'client backend'`;
  const { used, allowed } = connections;
  const { DATABASE_LIMIT_MB: limitMb } = loadSettings(findSettings(terminal.env, terminal.cwd), [
    "DATABASE_LIMIT_MB",
  ]);
  return [
    ok("schema", "The database has the schema of this version."),
    await examineKeys(db, terminal),
    ...(await checkRoom(terminal.cwd, { ...(await measureDatabaseRoom(db)), limitMb })),
    ...checkConditions(await listConditions(db), now().getTime()),
    used / allowed > 0.8
      ? wrong(
          "connections",
          `${used} of Postgres' ${allowed} connections are used.`,
          "Raise max_connections, or run fewer processes.",
        )
      : ok("connections", `${used} of Postgres' ${allowed} connections are used.`),
  ];
}

async function examineKeys(db: Database, terminal: Terminal): Promise<DoctorFinding> {
  const { SECRET_KEYS } = loadSettings(findSettings(terminal.env, terminal.cwd), ["SECRET_KEYS"]);
  const box = createSecretBox(SECRET_KEYS);
  const rows = [
    ...(await db.acmeAccount.findMany({ select: { keyJwe: true } })),
    ...(await db.certificate.findMany({
      select: { keyJwe: true },
      orderBy: { createdAt: "desc" },
      take: MAX_KEYS,
    })),
  ];
  const opened = await Promise.all(
    rows.map(({ keyJwe }) =>
      box.open(keyJwe).then(
        () => true,
        () => false,
      ),
    ),
  );
  const closed = opened.filter((isOpen) => !isOpen).length;
  return closed > 0
    ? wrong(
        "keys",
        `SECRET_KEYS do not open ${closed} of ${rows.length} keys.`,
        "Add the key that was in SECRET_KEYS before to the end of the list.",
      )
    : ok("keys", `SECRET_KEYS open all ${rows.length} keys that were tried.`);
}

/** DNS, ports, the CA and mail out, as seen from here. */
async function examineNetwork(installation: Installation, terminal: Terminal): Promise<DoctorFinding[]> {
  const env = findSettings(terminal.env, terminal.cwd);
  const settings = installation.hosting();
  const resolver = installation.resolver();
  const ports = loadSettings(env, ["PROBE_HTTPS_PORT", "PROBE_HTTP_PORT", "PROBE_SMTP_PORT"]);
  const answers = await Promise.all([
    checkDelegation(resolver, settings),
    checkNameservers(resolver, settings),
    checkOwnPolicies(resolver, [settings.reportsDomain, ...(senderDomainOf(env.MAIL_FROM) ?? [])]),
    checkReportsMx(resolver, settings),
    env.MAIL_FROM ? checkSenderDomain(resolver, env.MAIL_FROM) : unknown("sender domain", "MAIL_FROM"),
    ...settings.policyAddresses.flatMap((address) => [
      checkPort("The policy server", address, ports.PROBE_HTTPS_PORT),
      checkPort("The policy server (ACME)", address, ports.PROBE_HTTP_PORT),
    ]),
    checkHostPort(resolver, "Report ingest", {
      host: reportsMxHost(settings.reportsDomain),
      port: ports.PROBE_SMTP_PORT,
    }),
    examineMailOut(env),
    examineCas(installation.db, env),
  ]);
  return answers.flat();
}

async function examineMailOut(env: NodeJS.ProcessEnv): Promise<DoctorFinding> {
  if (!env.SMTP_URL && !env.SMTP_URL_FILE) return unknown("mail out", "SMTP_URL");
  const { SMTP_URL, SMTP_REQUIRE_TLS } = loadSettings(env, ["SMTP_URL", "SMTP_REQUIRE_TLS"]);
  const mailer = createMailer({ smtpUrl: SMTP_URL, from: "doctor@localhost", requireTls: SMTP_REQUIRE_TLS });
  try {
    await mailer.verify();
    return ok("mail out", "The mail server of SMTP_URL accepts us.");
  } catch (error) {
    const text = error instanceof MailNotTaken ? error.message : "The mail server does not answer.";
    return wrong("mail out", text, "Check SMTP_URL, and that the hoster lets mail out.");
  } finally {
    mailer.close();
  }
}

async function examineCas(db: Database, env: NodeJS.ProcessEnv): Promise<DoctorFinding[]> {
  if (!env.ACME_DIRECTORY_URL) return [unknown("certificate authority", "ACME_DIRECTORY_URL")];
  const { ACME_DIRECTORY_URL: urls } = loadSettings(env, ["ACME_DIRECTORY_URL"]);
  const about = "certificate authority";
  const accounts = await db.acmeAccount.findMany({ select: { directoryUrl: true } });
  const open = accounts.map(({ directoryUrl }) => directoryUrl);
  const without = urls.filter((url) => !open.includes(url));
  return [
    ...without.map((url) =>
      wrong(
        about,
        `There is no account at ${new URL(url).host} yet.`,
        "Start a worker; its log says why if it has none.",
      ),
    ),
    ...(await listCaBudgets(db, urls)).map(({ directoryUrl, used, limit }) => {
      const text = `${used} of ${limit} new orders at ${new URL(directoryUrl).host} are used now.`;
      return used / limit > 0.8
        ? wrong(about, text, "Orders wait; ask the CA for a higher limit.")
        : ok(about, text);
    }),
  ];
}

function senderDomainOf(mailFrom: string | undefined): string[] | undefined {
  const domain = /@([^\s>]+)/.exec(mailFrom ?? "")?.[1]?.toLowerCase();
  return domain === undefined ? undefined : [domain];
}

function unknown(about: string, setting: string): DoctorFinding {
  return { about, state: "unknown", text: `${setting} is not set here: ${about} was not looked at.` };
}
