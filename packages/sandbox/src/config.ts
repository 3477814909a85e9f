import { z } from "zod";
import type { DnsServer } from "./query-dns.ts";

const port = z.coerce.number().int().min(0).max(65_535);
const isSet = (value: unknown) => (value === "" ? undefined : value);
const optionalPort = z.preprocess(isSet, port.optional());
const optionalText = z.preprocess(isSet, z.string().optional());

const Env = z.object({
  /** Folder in which the sandbox keeps zones, keys, accounts and mails. */
  SANDBOX_DIR: z.string().min(1),
  /** Control API. */
  SANDBOX_CONTROL_PORT: port,
  /** MX hosts of every customer. */
  SANDBOX_MX_PORT: port,
  /** Customer DNS; unset: real DNS is in use, and with it neither publishing nor senders. */
  SANDBOX_DNS_PORT: optionalPort,
  /** ACME CA; unset: a real one is in use. */
  SANDBOX_ACME_PORT: optionalPort,
  /** Mail catcher; unset: mail goes out for real. */
  SANDBOX_MAIL_SMTP_PORT: optionalPort,
  SANDBOX_MAIL_WEB_PORT: z.preprocess(isSet, port.default(0)),
  /** Stand-ins for chat services and webhooks. */
  SANDBOX_HOOKS_PORT: z.preprocess(isSet, port.default(0)),
  /** Let any made-up domain exist, see startCustomerDns. */
  SANDBOX_AUTO_ZONES: z.preprocess(isSet, z.enum(["0", "1"]).default("1")),
  HOSTED_ZONE: z.string().min(3),
  REPORTS_DOMAIN: z.string().min(3),
  REPORTS_HOST: optionalText,
  DNS_PORT: z.preprocess(isSet, port.default(5354)),
  POLICY_HTTP_PORT: z.preprocess(isSet, port.default(8080)),
  POLICY_HTTPS_PORT: z.preprocess(isSet, port.default(8443)),
  INGEST_SMTP_PORT: z.preprocess(isSet, port.default(2525)),
  INGEST_HTTPS_PORT: z.preprocess(isSet, port.default(8444)),
  /** Asked by the CA when the customer DNS is off. */
  DNS_RESOLVERS: optionalText,
  /** Trusted by the senders when the CA is off. */
  ACME_CA_FILE: optionalText,
});

/** What `startSandbox` runs; a part whose port is undefined is off. */
export type SandboxConfig = {
  dataDir: string;
  controlPort: number;
  mxPort: number;
  dnsPort: number | undefined;
  acmePort: number | undefined;
  mailSmtpPort: number | undefined;
  mailWebPort: number;
  hooksPort: number;
  autoZones: boolean;
  /** Zones that Waxseal's nameserver answers for. */
  hostedZones: string[];
  nameserverPort: number;
  policyHttpPort: number;
  policyHttpsPort: number;
  reportsSmtpPort: number;
  reportsHttpsPort: number;
  /** Who the CA asks when the customer DNS is off. */
  resolver: DnsServer | undefined;
  trustFile: string | undefined;
};

/** Reads the sandbox's settings. @throws Error – names every bad variable */
export function loadConfig(env: NodeJS.ProcessEnv): SandboxConfig {
  const { data, error } = Env.safeParse(env);
  if (error) throw new Error(`Bad environment:\n${z.prettifyError(error)}`);
  const zones = [data.HOSTED_ZONE, data.REPORTS_DOMAIN, data.REPORTS_HOST].flatMap((zone) =>
    zone ? [zone.toLowerCase().replace(/\.$/, "")] : [],
  );
  return {
    dataDir: data.SANDBOX_DIR,
    controlPort: data.SANDBOX_CONTROL_PORT,
    mxPort: data.SANDBOX_MX_PORT,
    dnsPort: data.SANDBOX_DNS_PORT,
    acmePort: data.SANDBOX_ACME_PORT,
    mailSmtpPort: data.SANDBOX_MAIL_SMTP_PORT,
    mailWebPort: data.SANDBOX_MAIL_WEB_PORT,
    hooksPort: data.SANDBOX_HOOKS_PORT,
    autoZones: data.SANDBOX_AUTO_ZONES === "1",
    hostedZones: [...new Set(zones)],
    nameserverPort: data.DNS_PORT,
    policyHttpPort: data.POLICY_HTTP_PORT,
    policyHttpsPort: data.POLICY_HTTPS_PORT,
    reportsSmtpPort: data.INGEST_SMTP_PORT,
    reportsHttpsPort: data.INGEST_HTTPS_PORT,
    resolver: data.DNS_RESOLVERS ? parseResolver(data.DNS_RESOLVERS) : undefined,
    trustFile: data.ACME_CA_FILE,
  };
}

function parseResolver(list: string): DnsServer | undefined {
  const [, host, portText] = /^\[?([^\],]+?)\]?(?::(\d{1,5}))?(?:,|$)/.exec(list.trim()) ?? [];
  return host ? { host, port: Number(portText ?? 53) } : undefined;
}
