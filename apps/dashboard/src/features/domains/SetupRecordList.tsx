import { useLocalStorage } from "@mantine/hooks";
import type { SetupRecordView } from "../../api/contract.ts";
import { SelectField } from "../../ui/Field.tsx";
import { Text } from "../../ui/Text.tsx";
import { DNS_PROVIDERS } from "./dns-providers.ts";
import styles from "./SetupPanel.module.css";
import { SetupRecord } from "./SetupRecord.tsx";

type Props = { domain: string; records: readonly SetupRecordView[] };

/** The three CNAMEs as they are entered at a DNS provider, each with its state. */
export function SetupRecordList({ domain, records }: Props) {
  const [providerId, setProviderId] = useLocalStorage({ key: "waxseal-dns-provider", defaultValue: "other" });
  const provider = DNS_PROVIDERS.find((candidate) => candidate.id === providerId) ?? DNS_PROVIDERS[0];
  const isComplete = records.every((record) => record.state === "correct");
  return (
    <>
      {!isComplete && (
        <div className={styles.provider}>
          <SelectField
            label="Where is your DNS?"
            value={provider.id}
            options={DNS_PROVIDERS.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={setProviderId}
          />
          <Text tone="soft" small>
            {provider.hint}
          </Text>
        </div>
      )}
      <ol className={styles.records} aria-label="DNS records">
        {records.map((record) => (
          <SetupRecord key={record.kind} record={record} provider={provider} domain={domain} />
        ))}
      </ol>
    </>
  );
}
