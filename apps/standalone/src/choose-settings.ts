import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findPort, isPortFree } from "./find-port.ts";

/** Parts of the sandbox, and whether each runs because nothing real was named instead. */
export type SandboxParts = { customerDns: boolean; acmeCa: boolean; mailCatcher: boolean; any: boolean };

export type ChosenSettings = {
  /** The whole environment of every child. */
  env: Record<string, string>;
  sandbox: SandboxParts;
};

const PORTS = {
  PORT: 3000,
  POLICY_HTTPS_PORT: 8443,
  POLICY_HTTP_PORT: 8080,
  INGEST_SMTP_PORT: 2525,
  INGEST_HTTPS_PORT: 8444,
  DNS_PORT: 5354,
} as const;

/**
 * The settings `npm start` runs with: what the environment says, and for everything else what makes the
 * whole product work on this one machine.
 *
 * @throws Error one sentence that names every port in use
 */
export async function chooseSettings(env: NodeJS.ProcessEnv, dataDir: string): Promise<ChosenSettings> {
  const on = env.SANDBOX !== "0";
  const sandbox: SandboxParts = {
    customerDns: on && !env.DNS_RESOLVERS,
    acmeCa: on && !env.ACME_DIRECTORY_URL,
    mailCatcher: on && !env.SMTP_URL,
    any: on,
  };
  const bind = env.BIND_ADDRESS || "127.0.0.1";
  const ports = await choosePorts(env, bind);
  const zone = env.HOSTED_ZONE || "waxseal-hosted.example";
  const chosen: Record<string, string> = {
    ...definedOnly(env),
    ...ports,
    BIND_ADDRESS: bind,
    PUBLIC_URL: env.PUBLIC_URL || `http://localhost:${ports.PORT}`,
    HOSTED_ZONE: zone,
    REPORTS_DOMAIN: env.REPORTS_DOMAIN || `reports.${zone}`,
    REPORTS_HOST: env.REPORTS_HOST || `upload.reports.${zone}`,
    NAMESERVERS: env.NAMESERVERS || `ns1.${zone}`,
    POLICY_ADDRESSES: env.POLICY_ADDRESSES || "127.0.0.1",
    OPERATOR_MAIL: env.OPERATOR_MAIL || env.ACME_CONTACT || `operator@${zone}`,
    MAIL_FROM: env.MAIL_FROM || `Waxseal <no-reply@${zone}>`,
    STATE_DIR: env.STATE_DIR || join(dataDir, "state"),
    SECRET_KEYS: env.SECRET_KEYS || env.SECRET_KEYS_FILE ? (env.SECRET_KEYS ?? "") : ownSecretKey(dataDir),
  };
  mkdirSync(chosen.STATE_DIR ?? dataDir, { recursive: true });
  if (on) Object.assign(chosen, await sandboxSettings(env, dataDir, chosen, sandbox));
  return { env: chosen, sandbox };
}

async function choosePorts(
  env: NodeJS.ProcessEnv,
  bind: string,
): Promise<Record<keyof typeof PORTS, string>> {
  const ports: Record<string, string> = {};
  const taken: string[] = [];
  for (const [name, fallback] of Object.entries(PORTS)) {
    const port = Number(env[name] || fallback);
    if (!(await isPortFree(port, bind, { udp: name === "DNS_PORT" }))) taken.push(`${port} (${name})`);
    ports[name] = String(port);
  }
  if (taken.length > 0) {
    const [ports, are, those] =
      taken.length === 1 ? ["Port", "is", "that variable"] : ["Ports", "are", "those variables"];
    throw new Error(
      `${ports} ${taken.join(", ")} ${are} already in use: stop what uses it, or set ${those} to another port.`,
    );
  }
  return ports as Record<keyof typeof PORTS, string>;
}

async function sandboxSettings(
  env: NodeJS.ProcessEnv,
  dataDir: string,
  chosen: Record<string, string>,
  parts: SandboxParts,
): Promise<Record<string, string>> {
  const bind = "127.0.0.1";
  const dnsPort = await findPort(Number(env.SANDBOX_DNS_PORT || 5355), bind, { udp: true });
  const acmePort = await findPort(Number(env.SANDBOX_ACME_PORT || 14_000), bind);
  const mxPort = await findPort(Number(env.SANDBOX_MX_PORT || 2526), bind);
  const mailSmtpPort = await findPort(Number(env.SANDBOX_MAIL_SMTP_PORT || 2527), bind);
  const mailWebPort = await findPort(Number(env.SANDBOX_MAIL_WEB_PORT || 8025), bind);
  const hooksPort = await findPort(Number(env.SANDBOX_HOOKS_PORT || 8027), bind);
  const controlPort = await findPort(Number(env.SANDBOX_CONTROL_PORT || 8026), bind);
  const sandboxDir = join(dataDir, "sandbox");
  mkdirSync(sandboxDir, { recursive: true });
  return {
    SANDBOX_DIR: sandboxDir,
    SANDBOX_CONTROL_PORT: String(controlPort),
    SANDBOX_MX_PORT: String(mxPort),
    SANDBOX_HOOKS_PORT: String(hooksPort),
    PROBE_SMTP_PORT: env.PROBE_SMTP_PORT || String(mxPort),
    PROBE_HTTPS_PORT: env.PROBE_HTTPS_PORT || String(chosen.POLICY_HTTPS_PORT),
    PROBE_HTTP_PORT: env.PROBE_HTTP_PORT || String(chosen.POLICY_HTTP_PORT),
    ALLOW_PRIVATE_ADDRESSES: env.ALLOW_PRIVATE_ADDRESSES || "1",
    ...(parts.customerDns
      ? {
          // Without its DNS the sandbox can neither publish records nor send.
          SANDBOX_URL: `http://${bind}:${controlPort}`,
          SANDBOX_DNS_PORT: String(dnsPort),
          DNS_RESOLVERS: `${bind}:${dnsPort}`,
        }
      : {}),
    ...(parts.acmeCa
      ? {
          SANDBOX_ACME_PORT: String(acmePort),
          ACME_DIRECTORY_URL: `https://localhost:${acmePort}/directory`,
          ACME_CA_FILE: join(sandboxDir, "acme-root.pem"),
          ACME_CAA_IDENTITIES: env.ACME_CAA_IDENTITIES || "sandbox-ca.example",
          ACME_CAA_ACCOUNT_IDENTITIES: env.ACME_CAA_ACCOUNT_IDENTITIES || "sandbox-ca.example",
        }
      : {}),
    ...(parts.mailCatcher
      ? {
          SANDBOX_MAIL_SMTP_PORT: String(mailSmtpPort),
          SANDBOX_MAIL_WEB_PORT: String(mailWebPort),
          SMTP_URL: `smtp://${bind}:${mailSmtpPort}`,
          SANDBOX_MAIL_URL: `http://localhost:${mailWebPort}`,
        }
      : {}),
  };
}

/** The key for secrets at rest of this installation, made on first start. */
function ownSecretKey(dataDir: string): string {
  const file = join(dataDir, "secret-keys");
  if (!existsSync(file)) {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(file, `k1:${randomBytes(32).toString("base64url")}\n`, { mode: 0o600 });
  }
  return readFileSync(file, "utf8").trim();
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
