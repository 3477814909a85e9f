/** How a DNS provider's form wants the name of a record. */
export type DnsProvider = {
  id: string;
  name: string;
  nameForm: "relative" | "full" | "dotted";
  hint: string;
};

export const DNS_PROVIDERS: readonly [DnsProvider, ...DnsProvider[]] = [
  {
    id: "other",
    name: "Another provider",
    nameForm: "full",
    hint: "If the form adds your domain by itself, enter only the part before it.",
  },
  {
    id: "cloudflare",
    name: "Cloudflare",
    nameForm: "relative",
    hint: "Set the proxy status to “DNS only” (grey cloud). A proxied record hides the target, and the certificate cannot be issued.",
  },
  {
    id: "godaddy",
    name: "GoDaddy",
    nameForm: "relative",
    hint: "GoDaddy adds your domain to the name by itself.",
  },
  {
    id: "namecheap",
    name: "Namecheap",
    nameForm: "relative",
    hint: "Under “Advanced DNS”; Namecheap adds your domain to the host by itself.",
  },
  {
    id: "route53",
    name: "AWS Route 53",
    nameForm: "relative",
    hint: "Create simple records; the console shows your domain beside the name. Leave “Alias” off.",
  },
  {
    id: "azure",
    name: "Azure DNS",
    nameForm: "relative",
    hint: "The name is relative to the zone; leave “Alias record set” at No.",
  },
  {
    id: "google",
    name: "Google Cloud DNS",
    nameForm: "relative",
    hint: "The console shows your domain beside the name. The canonical name may end in a dot.",
  },
  {
    id: "ionos",
    name: "IONOS",
    nameForm: "relative",
    hint: "IONOS adds your domain to the host name by itself.",
  },
  {
    id: "ovh",
    name: "OVHcloud",
    nameForm: "relative",
    hint: "Enter the sub-domain only. The target needs a dot at its end, or your domain is added to it.",
  },
  {
    id: "hetzner",
    name: "Hetzner",
    nameForm: "relative",
    hint: "The target needs a dot at its end, or your domain is added to it.",
  },
  {
    id: "bind",
    name: "Zone file (BIND, NSD, Knot)",
    nameForm: "dotted",
    hint: "Names and targets end in a dot. Raise the serial of the SOA record.",
  },
];

const NEEDS_DOTTED_TARGET = new Set(["ovh", "hetzner", "bind"]);

/** What to enter as the name and the target of a record at a provider. */
export function formatForProvider(
  provider: DnsProvider,
  record: { name: string; target: string },
  domain: string,
): { name: string; target: string } {
  const suffix = `.${domain}`;
  const relative = record.name.endsWith(suffix) ? record.name.slice(0, -suffix.length) : record.name;
  const name = { relative, full: record.name, dotted: `${record.name}.` }[provider.nameForm];
  return { name, target: NEEDS_DOTTED_TARGET.has(provider.id) ? `${record.target}.` : record.target };
}
