import { HOSTING_SETTING_NAMES, type HostingSettings, readHostingSettings } from "@waxseal/core";
import { loadSettings } from "@waxseal/runtime";
import { type NameserverAddress, parseNameserverAddresses } from "./parse-nameserver-addresses.ts";
import { parseSecondaries, type Secondary } from "./parse-secondaries.ts";
import { parseTsigKey, type TsigKey } from "./tsig.ts";

export type Config = {
  databaseUrl: string;
  bindAddress: string;
  port: number;
  healthPort: number;
  settings: HostingSettings;
  /** Addresses of the nameservers inside the zone; without any, those of the policy servers apply. */
  nameserverAddresses?: readonly NameserverAddress[];
  /** Per source network, over UDP. */
  answersPerSecond: number;
  /** For tests. */
  limitsLoopback?: boolean;
  maxTcpConnections: number;
  secondaries: readonly Secondary[];
  tsigKey: TsigKey | undefined;
  /** Where the zone is kept; undefined: after a restart the database is needed. */
  stateDir?: string | undefined;
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
    "NAMESERVER_ADDRESSES",
    "DNS_SECONDARIES",
    "DNS_TSIG_KEY",
    "STATE_DIR",
  ]);
  const hosting = readHostingSettings(settings);
  return {
    databaseUrl: settings.DATABASE_URL,
    bindAddress: settings.BIND_ADDRESS,
    port: settings.DNS_PORT,
    healthPort: settings.HEALTH_PORT,
    settings: hosting,
    nameserverAddresses: parseNameserverAddresses(settings.NAMESERVER_ADDRESSES, hosting),
    secondaries: parseSecondaries(settings.DNS_SECONDARIES),
    tsigKey: readTsigKey(settings.DNS_TSIG_KEY),
    stateDir: settings.STATE_DIR,
    ...LIMITS,
  };
}

function readTsigKey(text: string | undefined): TsigKey | undefined {
  if (text === undefined) return undefined;
  const key = parseTsigKey(text);
  if (!key) throw new Error("DNS_TSIG_KEY is not name:hmac-sha256:base64 of at least 16 bytes");
  return key;
}
