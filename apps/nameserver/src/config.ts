import type { HostingSettings } from "@waxseal/core";
import { loadSettings } from "@waxseal/runtime";

export type Config = {
  databaseUrl: string;
  bindAddress: string;
  port: number;
  healthPort: number;
  settings: HostingSettings;
  /** Per source network, over UDP. */
  answersPerSecond: number;
  maxTcpConnections: number;
};

/** Far above what a resolver asks, far below what an attack needs. */
export const LIMITS = { answersPerSecond: 200, maxTcpConnections: 500 };

/** Reads the nameserver's settings; throws one error that names every bad variable. */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const settings = loadSettings(env, [
    "DATABASE_URL",
    "BIND_ADDRESS",
    "DNS_PORT",
    "HEALTH_PORT",
    "HOSTED_ZONE",
    "REPORTS_DOMAIN",
    "REPORTS_HOST",
    "POLICY_ADDRESSES",
    "NAMESERVERS",
    "ACME_CAA_IDENTITIES",
  ]);
  return {
    databaseUrl: settings.DATABASE_URL,
    bindAddress: settings.BIND_ADDRESS,
    port: settings.DNS_PORT,
    healthPort: settings.HEALTH_PORT,
    settings: {
      hostedZone: settings.HOSTED_ZONE,
      reportsDomain: settings.REPORTS_DOMAIN,
      reportsHost: settings.REPORTS_HOST,
      policyAddresses: settings.POLICY_ADDRESSES,
      nameservers: settings.NAMESERVERS,
      caaIdentities: settings.ACME_CAA_IDENTITIES,
    },
    ...LIMITS,
  };
}
