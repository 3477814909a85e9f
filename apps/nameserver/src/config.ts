import { HOSTING_SETTING_NAMES, type HostingSettings, readHostingSettings } from "@waxseal/core";
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
    ...HOSTING_SETTING_NAMES,
  ]);
  return {
    databaseUrl: settings.DATABASE_URL,
    bindAddress: settings.BIND_ADDRESS,
    port: settings.DNS_PORT,
    healthPort: settings.HEALTH_PORT,
    settings: readHostingSettings(settings),
    ...LIMITS,
  };
}
