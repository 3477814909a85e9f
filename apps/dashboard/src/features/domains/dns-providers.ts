/** How a DNS provider's form wants a CNAME. */
export type DnsProvider = {
  id: string;
  name: string;
  /** relative: without the zone, which is added; full: with it; dotted: with it and a dot at the end. */
  nameForm: "relative" | "full" | "dotted";
  /** Without a dot at its end the target gets the zone added, or is refused. */
  needsDottedTarget?: true;
  /** What to choose as TTL. */
  ttl: string;
  hint: string;
  /** Ends of its name servers' names, by which it is known. */
  nameservers: readonly string[];
};

const TTL_HOUR = "1 hour, or what is preset";

/** Of providers that run DNS for many, the form of each; the first is for all others. */
export const DNS_PROVIDERS: readonly [DnsProvider, ...DnsProvider[]] = [
  {
    id: "other",
    name: "Another provider",
    nameForm: "full",
    ttl: TTL_HOUR,
    hint: "Many forms add your domain automatically, often shown beside the field: then enter only the part before it. If the target is refused or comes back longer, end it with a dot.",
    nameservers: [],
  },
  {
    id: "cloudflare",
    name: "Cloudflare",
    nameForm: "relative",
    ttl: "Auto",
    hint: "Set the proxy status to “DNS only” (grey cloud). A proxied record hides the target, and the certificate cannot be issued.",
    nameservers: [".ns.cloudflare.com"],
  },
  {
    id: "route53",
    name: "AWS Route 53",
    nameForm: "relative",
    ttl: "300",
    hint: "Create simple records; the console shows your domain beside the name. Leave “Alias” off.",
    nameservers: [".awsdns-00.com", ".awsdns-00.net", ".awsdns-00.org", ".awsdns-00.co.uk"],
  },
  {
    id: "azure",
    name: "Azure DNS",
    nameForm: "relative",
    ttl: "1 hour",
    hint: "Add a record set of type CNAME; the name is relative to the zone. Leave “Alias record set” at No.",
    nameservers: [".azure-dns.com", ".azure-dns.net", ".azure-dns.org", ".azure-dns.info"],
  },
  {
    id: "digitalocean",
    name: "DigitalOcean",
    nameForm: "relative",
    needsDottedTarget: true,
    ttl: "3600",
    hint: "Choose the CNAME tab. The target goes into “Is an alias of”.",
    nameservers: [".digitalocean.com"],
  },
  {
    id: "gandi",
    name: "Gandi",
    nameForm: "relative",
    needsDottedTarget: true,
    ttl: "1800, as preset",
    hint: "LiveDNS adds your domain to every name that does not end in a dot, the target's too.",
    nameservers: [".gandi.net"],
  },
  {
    id: "godaddy",
    name: "GoDaddy",
    nameForm: "relative",
    ttl: "1 hour",
    hint: "GoDaddy adds your domain to the name automatically.",
    nameservers: [".domaincontrol.com"],
  },
  {
    id: "google",
    name: "Google Cloud DNS",
    nameForm: "relative",
    needsDottedTarget: true,
    ttl: "5 minutes, as preset",
    hint: "The console shows your domain beside the name. Domains that came from Google Domains are managed at Squarespace now, though their name servers still have Google's names.",
    nameservers: [".googledomains.com"],
  },
  {
    id: "hetzner",
    name: "Hetzner",
    nameForm: "relative",
    needsDottedTarget: true,
    ttl: "3600",
    hint: "The target needs a dot at its end, or your domain is added to it.",
    nameservers: [".ns.hetzner.com", ".ns.hetzner.de", ".first-ns.de", ".second-ns.de", ".second-ns.com"],
  },
  {
    id: "hostinger",
    name: "Hostinger",
    nameForm: "relative",
    ttl: "14400, as preset",
    hint: "In the DNS zone editor; your domain is added to the name automatically.",
    nameservers: [".dns-parking.com"],
  },
  {
    id: "hover",
    name: "Hover",
    nameForm: "relative",
    ttl: "15 minutes, as preset",
    hint: "Under DNS, “Add a record”. The host name is without your domain; the target goes into “Target name”.",
    nameservers: [".hover.com"],
  },
  {
    id: "ionos",
    name: "IONOS",
    nameForm: "relative",
    ttl: "1 hour",
    hint: "IONOS adds your domain to the host name automatically.",
    nameservers: [".ui-dns.com", ".ui-dns.de", ".ui-dns.org", ".ui-dns.biz"],
  },
  {
    id: "namecheap",
    name: "Namecheap",
    nameForm: "relative",
    ttl: "Automatic",
    hint: "Under “Advanced DNS”; Namecheap adds your domain to the host automatically.",
    nameservers: [".registrar-servers.com"],
  },
  {
    id: "ovh",
    name: "OVHcloud",
    nameForm: "relative",
    needsDottedTarget: true,
    ttl: "Default",
    hint: "Enter the sub-domain only. The target needs a dot at its end, or your domain is added to it.",
    nameservers: [".ovh.net", ".ovh.ca", ".anycast.me"],
  },
  {
    id: "porkbun",
    name: "Porkbun",
    nameForm: "relative",
    ttl: "600, as preset",
    hint: "Porkbun adds your domain to the host automatically.",
    nameservers: [".ns.porkbun.com"],
  },
  {
    id: "squarespace",
    name: "Squarespace",
    nameForm: "relative",
    ttl: TTL_HOUR,
    hint: "Under “Custom records”; the host is without your domain.",
    nameservers: [".squarespacedns.com"],
  },
  {
    id: "strato",
    name: "Strato",
    nameForm: "relative",
    ttl: "Cannot be chosen",
    hint: "Under the domain's DNS settings, “TXT and CNAME records”: the prefix is the name without your domain.",
    nameservers: [".rzone.de"],
  },
  {
    id: "bind",
    name: "Zone file (BIND, NSD, Knot)",
    nameForm: "dotted",
    needsDottedTarget: true,
    ttl: "3600",
    hint: "Names and targets end in a dot. Raise the serial of the SOA record.",
    nameservers: [],
  },
];

/** The provider whose name servers these are; undefined when none is known, or they are of several. */
export function findDnsProvider(nameservers: readonly string[]): DnsProvider | undefined {
  const [first, ...rest] = nameservers.map((nameserver) => {
    // ns-12.awsdns-34.co.uk: the number is another one in every set.
    const host = nameserver.replace(/\.awsdns-\d+\./, ".awsdns-00.");
    return DNS_PROVIDERS.find((provider) => provider.nameservers.some((suffix) => host.endsWith(suffix)));
  });
  return first && rest.every((provider) => provider === first) ? first : undefined;
}

/** What to enter as the name and the target of a record at a provider; `zone` is what its forms add. */
export function formatForProvider(
  provider: DnsProvider,
  record: { name: string; target: string },
  zone: string,
): { name: string; target: string } {
  const suffix = `.${zone}`;
  const relative = record.name.endsWith(suffix) ? record.name.slice(0, -suffix.length) : record.name;
  const name = { relative, full: record.name, dotted: `${record.name}.` }[provider.nameForm];
  return { name, target: provider.needsDottedTarget ? `${record.target}.` : record.target };
}
