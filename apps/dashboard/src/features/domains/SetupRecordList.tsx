import { useLocalStorage } from "@mantine/hooks";
import type { DnsHostView, SetupRecordView } from "../../api/contract.ts";
import { SelectField } from "../../ui/Field.tsx";
import { DNS_PROVIDERS, findDnsProvider } from "./dns-providers.ts";
import { ProviderHint } from "./ProviderHint.tsx";
import styles from "./SetupPanel.module.css";
import { SetupRecord } from "./SetupRecord.tsx";

type Props = { domain: string; dns: DnsHostView; records: readonly SetupRecordView[] };

/** The three CNAMEs as they are entered at a DNS provider, each with its state. */
export function SetupRecordList({ domain, dns, records }: Props) {
  const [chosen, setChosen] = useLocalStorage({ key: `waxseal-dns-provider ${domain}`, defaultValue: "" });
  const found = findDnsProvider(dns.nameservers);
  const provider = DNS_PROVIDERS.find(({ id }) => id === chosen) ?? found ?? DNS_PROVIDERS[0];
  const zone = dns.zone ?? domain;
  const isComplete = records.every((record) => record.state === "correct");
  return (
    <>
      {!isComplete && (
        <div className={styles.provider}>
          <SelectField
            label="Where is your DNS?"
            value={provider.id}
            options={DNS_PROVIDERS.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={setChosen}
          />
          <ProviderHint provider={provider} isFound={provider === found} dns={dns} domain={domain} />
        </div>
      )}
      <ol className={styles.records} aria-label="DNS records">
        {records.map((record) => (
          <SetupRecord key={record.kind} record={record} provider={provider} domain={domain} zone={zone} />
        ))}
      </ol>
    </>
  );
}
