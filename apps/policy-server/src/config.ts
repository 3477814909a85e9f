import { loadSettings } from "@waxseal/runtime";

export type Config = {
  databaseUrl: string;
  secretKeys: string;
  bindAddress: string;
  httpsPort: number;
  httpPort: number;
  healthPort: number;
  /** Networks of the fronts whose PROXY headers are believed, on both ports. */
  proxyProtocolFrom: readonly string[];
  /** Undefined: nothing is kept across restarts. */
  stateDir: string | undefined;
  /** Certificates kept in memory as text, about 1.7 kB each. */
  maxCertificates: number;
  /** TLS contexts kept built for hosts asked for again and again, about 40 kB each. */
  maxContexts: number;
  /** Open connections per listener; beyond, the oldest is cut off. */
  maxConnections: number;
};

/** What one process of 300 MB holds. */
export const CAPACITY = { maxCertificates: 60_000, maxContexts: 300, maxConnections: 5_000 };

/** Reads the policy server's settings; throws one error that names every bad variable. */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const settings = loadSettings(env, [
    "DATABASE_URL",
    "SECRET_KEYS",
    "BIND_ADDRESS",
    "POLICY_HTTPS_PORT",
    "POLICY_HTTP_PORT",
    "HEALTH_PORT",
    "PROXY_PROTOCOL_FROM",
    "STATE_DIR",
  ]);
  return {
    databaseUrl: settings.DATABASE_URL,
    secretKeys: settings.SECRET_KEYS,
    bindAddress: settings.BIND_ADDRESS,
    httpsPort: settings.POLICY_HTTPS_PORT,
    httpPort: settings.POLICY_HTTP_PORT,
    healthPort: settings.HEALTH_PORT,
    proxyProtocolFrom: settings.PROXY_PROTOCOL_FROM,
    stateDir: settings.STATE_DIR,
    ...CAPACITY,
  };
}
