import { readFileSync } from "node:fs";
import { HOSTING_SETTING_NAMES, type HostingSettings, readHostingSettings } from "@waxseal/core";
import { readSignUpRule, type SignUpRule } from "@waxseal/core/accounts";
import { loadSettings } from "@waxseal/runtime";

/** What the API is run with. */
export type Config = {
  databaseUrl: string;
  /** URL of the reports' database; `databaseUrl` when undefined. */
  reportsDatabaseUrl?: string | undefined;
  publicUrl: string;
  bindAddress: string;
  port: number;
  healthPort: number;
  secretKeys: string;
  hosting: HostingSettings;
  probes: {
    dnsServers: readonly string[];
    httpsPort: number;
    smtpPort: number;
    ehloName?: string | undefined;
    contact?: string | undefined;
    connectionsAMinute?: number | undefined;
    allowPrivateAddresses: boolean;
    /** Roots trusted besides the usual ones. */
    caPem: string | undefined;
  };
  /** Control API and mail page of the sandbox, each when its part runs; undefined: no sandbox. */
  sandbox: { controlUrl: string | undefined; mailUrl: string | undefined } | undefined;
  /** Who may sign up; the operator may have said otherwise by command. */
  signUpRule?: SignUpRule;
  /** false: no limit on requests. Tests only. */
  limitsRate: boolean;
};

/** Reads the API's settings; throws one error that names every bad variable. */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const settings = loadSettings(env, [
    "DATABASE_URL",
    "REPORTS_DATABASE_URL",
    "PUBLIC_URL",
    "BIND_ADDRESS",
    "PORT",
    "HEALTH_PORT",
    "SECRET_KEYS",
    ...HOSTING_SETTING_NAMES,
    "ACME_CA_FILE",
    "DNS_RESOLVERS",
    "PROBE_HTTPS_PORT",
    "PROBE_SMTP_PORT",
    "PROBE_EHLO_NAME",
    "PROBE_CONTACT",
    "PROBE_CONNECTIONS_A_MINUTE",
    "ALLOW_PRIVATE_ADDRESSES",
    "SANDBOX_URL",
    "SANDBOX_MAIL_URL",
    "SIGN_UP",
  ]);
  return {
    databaseUrl: settings.DATABASE_URL,
    reportsDatabaseUrl: settings.REPORTS_DATABASE_URL,
    publicUrl: settings.PUBLIC_URL,
    bindAddress: settings.BIND_ADDRESS,
    port: settings.PORT,
    healthPort: settings.HEALTH_PORT,
    secretKeys: settings.SECRET_KEYS,
    hosting: readHostingSettings(settings),
    probes: {
      dnsServers: settings.DNS_RESOLVERS,
      httpsPort: settings.PROBE_HTTPS_PORT,
      smtpPort: settings.PROBE_SMTP_PORT,
      ehloName: settings.PROBE_EHLO_NAME,
      contact: settings.PROBE_CONTACT,
      connectionsAMinute: settings.PROBE_CONNECTIONS_A_MINUTE,
      allowPrivateAddresses: settings.ALLOW_PRIVATE_ADDRESSES,
      caPem: settings.ACME_CA_FILE ? readFileSync(settings.ACME_CA_FILE, "utf8") : undefined,
    },
    sandbox:
      settings.SANDBOX_URL || settings.SANDBOX_MAIL_URL
        ? { controlUrl: settings.SANDBOX_URL, mailUrl: settings.SANDBOX_MAIL_URL }
        : undefined,
    limitsRate: true,
    signUpRule: readSignUpRule(settings.SIGN_UP),
  };
}
