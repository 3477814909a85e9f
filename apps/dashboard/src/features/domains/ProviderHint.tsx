import type { DnsHostView } from "../../api/contract.ts";
import { Facts } from "../../ui/Facts.tsx";
import { Text } from "../../ui/Text.tsx";
import type { DnsProvider } from "./dns-providers.ts";
import styles from "./SetupPanel.module.css";

const MAX_NAMESERVERS = 2;

type Props = { provider: DnsProvider; isFound: boolean; dns: DnsHostView; domain: string };

/** How the provider's form wants names, targets and TTLs, and how we know whose form it is. */
export function ProviderHint({ provider, isFound, dns, domain }: Props) {
  const zone = dns.zone ?? domain;
  return (
    <div className={styles.hint}>
      <Text tone="soft" small>
        {describeNameservers(provider, isFound, dns)} {provider.hint}
      </Text>
      <Facts
        items={{
          Name: NAME_WORDS[provider.nameForm](zone),
          "Trailing dot": provider.needsDottedTarget
            ? "Yes, at the end of the target"
            : provider.id === "other"
              ? "Only if the form asks for it"
              : "None",
          TTL: provider.ttl,
        }}
      />
    </div>
  );
}

const NAME_WORDS: Record<DnsProvider["nameForm"], (zone: string) => string> = {
  relative: (zone) => `Without ${zone}; typed in full it would become mta-sts.${zone}.${zone}`,
  full: (zone) => `In full, unless the form adds ${zone} automatically`,
  dotted: () => "In full, with a dot at the end",
};

function describeNameservers({ name }: DnsProvider, isFound: boolean, { nameservers }: DnsHostView): string {
  if (nameservers.length === 0) return "";
  const more = nameservers.length - MAX_NAMESERVERS;
  const shown = nameservers.slice(0, MAX_NAMESERVERS).join(", ") + (more > 0 ? ` and ${more} more` : "");
  return isFound ? `Name servers: ${shown}, so it is ${name}.` : `Name servers: ${shown}.`;
}
