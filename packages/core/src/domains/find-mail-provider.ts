/** A mail provider by name, and the mx patterns it asks its customers to list. */
export type MailProvider = { name: string; mxPatterns: readonly string[] };

type Rule = {
  name: string;
  /** The MX host ends in this. */
  suffix: string;
  /** Patterns for this host; without them the host itself is the pattern. */
  patterns?(mxHost: string): string[];
};

// The wildcards are safe where only the provider can have hosts below the zone.
const RULES: readonly Rule[] = [
  {
    name: "Microsoft 365",
    suffix: ".mail.protection.outlook.com",
    patterns: () => ["*.mail.protection.outlook.com"],
  },
  // Hosts such as x.h-v1.mx.microsoft sit two labels below mx.microsoft, which "*.mx.microsoft" does not cover.
  { name: "Microsoft 365", suffix: ".mx.microsoft", patterns: (mxHost) => [`*.${parentOf(mxHost)}`] },
  {
    name: "Google Workspace",
    suffix: ".aspmx.l.google.com",
    patterns: () => ["aspmx.l.google.com", "*.aspmx.l.google.com"],
  },
  {
    name: "Google Workspace",
    suffix: "aspmx.l.google.com",
    patterns: () => ["aspmx.l.google.com", "*.aspmx.l.google.com"],
  },
  { name: "Google Workspace", suffix: "smtp.google.com" },
  { name: "Google Workspace", suffix: ".googlemail.com" },
  { name: "Proton Mail", suffix: ".protonmail.ch" },
  { name: "Fastmail", suffix: ".messagingengine.com" },
  { name: "Zoho Mail", suffix: ".zoho.com" },
  { name: "Zoho Mail", suffix: ".zoho.eu" },
  { name: "Mimecast", suffix: ".mimecast.com" },
  { name: "Proofpoint", suffix: ".pphosted.com" },
  { name: "Barracuda", suffix: ".barracudanetworks.com" },
  { name: "Cisco Secure Email", suffix: ".iphmx.com" },
  { name: "Amazon WorkMail", suffix: ".amazonaws.com" },
  { name: "mailbox.org", suffix: ".mailbox.org" },
  { name: "IONOS", suffix: ".ionos.com" },
  { name: "OVHcloud", suffix: ".ovh.net" },
  { name: "Gandi", suffix: ".gandi.net" },
  { name: "iCloud Mail", suffix: ".mail.icloud.com" },
  { name: "Yandex", suffix: ".yandex.net" },
];

/** The provider behind an MX host (lower-case A-labels, no trailing dot); undefined when it is not known. RFC 8461 §4.1 */
export function findMailProvider(mxHost: string): MailProvider | undefined {
  const rule = RULES.find(({ suffix }) =>
    suffix.startsWith(".") ? mxHost.endsWith(suffix) : mxHost === suffix,
  );
  return rule && { name: rule.name, mxPatterns: rule.patterns?.(mxHost) ?? [mxHost] };
}

function parentOf(host: string): string {
  return host.slice(host.indexOf(".") + 1);
}
