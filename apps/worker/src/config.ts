import { readFileSync } from "node:fs";
import { HOSTING_SETTING_NAMES, operatorAddress, readHostingSettings, reportsMxHost } from "@waxseal/core";
import { loadSettings } from "@waxseal/runtime";
import type { WorkerOptions } from "./start-worker.ts";

/** Reads the worker's settings. @throws Error one message that names every bad variable */
export function loadConfig(env: NodeJS.ProcessEnv): WorkerOptions {
  const settings = loadSettings(env, [
    "DATABASE_URL",
    "REPORTS_DATABASE_URL",
    ...HOSTING_SETTING_NAMES,
    "DNS_RESOLVERS",
    "DNS_PUBLISHER",
    "DNS_SECONDARIES",
    "ROUTE53_ZONE_ID",
    "ROUTE53_ENDPOINT",
    "ACME_DIRECTORY_URL",
    "ACME_CONTACT",
    "ACME_EAB_KID",
    "ACME_EAB_HMAC_KEY",
    "ACME_PROFILE",
    "ACME_CA_FILE",
    "ACME_CAA_ACCOUNT_IDENTITIES",
    "SECRET_KEYS",
    "PROBE_HTTPS_PORT",
    "PROBE_HTTP_PORT",
    "PROBE_SMTP_PORT",
    "PROBE_EHLO_NAME",
    "PROBE_CONTACT",
    "PROBE_CONNECTIONS_A_MINUTE",
    "PROBE_CONTROL_HOSTS",
    "ALLOW_PRIVATE_ADDRESSES",
    "BIND_ADDRESS",
    "HEALTH_PORT",
    "WORKER_CONCURRENCY",
    "SMTP_URL",
    "SMTP_REQUIRE_TLS",
    "MAIL_FROM",
    "OPERATOR_MAIL",
    "OPERATOR_ALERT_URL",
    "HEARTBEAT_URL",
    "CHROMIUM_PATH",
  ]);
  const { ACME_EAB_KID: kid, ACME_EAB_HMAC_KEY: hmacKey, ACME_CA_FILE: caFile } = settings;
  return {
    databaseUrl: settings.DATABASE_URL,
    reportsDatabaseUrl: settings.REPORTS_DATABASE_URL,
    settings: readHostingSettings(settings),
    publicUrl: env.PUBLIC_URL ? loadSettings(env, ["PUBLIC_URL"]).PUBLIC_URL : undefined,
    publisher: {
      kind: settings.DNS_PUBLISHER,
      zoneId: settings.ROUTE53_ZONE_ID,
      endpoint: settings.ROUTE53_ENDPOINT,
      secondaries: settings.DNS_SECONDARIES,
    },
    dnsResolvers: settings.DNS_RESOLVERS,
    directoryUrls: settings.ACME_DIRECTORY_URL,
    operatorHosts: listOperatorHosts(settings, env),
    mail: { smtpUrl: settings.SMTP_URL, requireTls: settings.SMTP_REQUIRE_TLS, from: settings.MAIL_FROM },
    operatorAddress: operatorAddress(settings),
    operator: {
      // A sandbox has faults on purpose.
      mailTo: settings.ALLOW_PRIVATE_ADDRESSES ? undefined : operatorAddress(settings),
      alertUrl: settings.OPERATOR_ALERT_URL,
      heartbeatUrl: settings.HEARTBEAT_URL,
    },
    chromiumPath: settings.CHROMIUM_PATH,
    acmeContact: settings.ACME_CONTACT,
    externalAccount: kid && hmacKey ? { kid, hmacKey } : undefined,
    acmeProfile: settings.ACME_PROFILE,
    accountCheckingIdentities: settings.ACME_CAA_ACCOUNT_IDENTITIES,
    caPem: caFile ? readFileSync(caFile, "utf8") : undefined,
    secretKeys: settings.SECRET_KEYS,
    httpsPort: settings.PROBE_HTTPS_PORT,
    httpPort: settings.PROBE_HTTP_PORT,
    smtpPort: settings.PROBE_SMTP_PORT,
    ehloName: settings.PROBE_EHLO_NAME,
    probeContact: settings.PROBE_CONTACT,
    connectionsAMinute: settings.PROBE_CONNECTIONS_A_MINUTE,
    controlHosts: listControlHosts(settings),
    allowPrivateAddresses: settings.ALLOW_PRIVATE_ADDRESSES,
    health: { port: settings.HEALTH_PORT, bindAddress: settings.BIND_ADDRESS },
    concurrency: settings.WORKER_CONCURRENCY,
  };
}

/** A sandbox has no such hosts. */
function listControlHosts(settings: {
  PROBE_CONTROL_HOSTS: string[];
  REPORTS_DOMAIN: string;
  ALLOW_PRIVATE_ADDRESSES: boolean;
}): string[] {
  if (settings.PROBE_CONTROL_HOSTS.length > 0 || settings.ALLOW_PRIVATE_ADDRESSES) {
    return settings.PROBE_CONTROL_HOSTS;
  }
  return [reportsMxHost(settings.REPORTS_DOMAIN), "gmail-smtp-in.l.google.com"];
}

/** The dashboard's host, unless it is plain HTTP or this machine; the report upload; the MX of the reports domain. */
function listOperatorHosts(
  settings: { REPORTS_DOMAIN: string; REPORTS_HOST?: string | undefined },
  env: NodeJS.ProcessEnv,
): string[] {
  const hosts = [reportsMxHost(settings.REPORTS_DOMAIN)];
  if (settings.REPORTS_HOST) hosts.push(settings.REPORTS_HOST);
  if (env.PUBLIC_URL) {
    const { protocol, hostname } = new URL(loadSettings(env, ["PUBLIC_URL"]).PUBLIC_URL);
    const isName = /[a-z]/.test(hostname) && hostname.includes(".");
    if (protocol === "https:" && isName) hosts.push(hostname);
  }
  return [...new Set(hosts)];
}
