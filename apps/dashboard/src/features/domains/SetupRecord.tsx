import type { SetupRecordView } from "../../api/contract.ts";
import { CopyText } from "../../ui/CopyText.tsx";
import { Status } from "../../ui/Status.tsx";
import { SETUP_STATE_WORDS } from "./describe-domain-status.ts";
import { type DnsProvider, formatForProvider } from "./dns-providers.ts";
import { findRecordFault } from "./find-record-fault.ts";
import { RecordFaultNotice } from "./RecordFaultNotice.tsx";
import styles from "./SetupPanel.module.css";

type Props = { record: SetupRecordView; provider: DnsProvider; domain: string; zone: string };

/** One CNAME: what to enter, and what the DNS says now. */
export function SetupRecord({ record, provider, domain, zone }: Props) {
  const entry = formatForProvider(provider, record, zone);
  const fault = findRecordFault(record, provider.id);
  const { tone, word } =
    fault === "misplaced"
      ? ({ tone: "bad", word: "At the wrong name" } as const)
      : SETUP_STATE_WORDS[record.state];
  return (
    <li className={styles.record} aria-label={record.name}>
      <div className={styles.recordHead}>
        <p>{record.purpose}</p>
        <span role="status">
          <Status tone={tone}>{word}</Status>
        </span>
      </div>
      <div className={styles.fields}>
        <div>
          <div className={styles.label}>Type</div>
          <div className={styles.type}>{record.type}</div>
        </div>
        <div>
          <div className={styles.label}>Name</div>
          <CopyText value={entry.name} name={`name of ${record.name}`} />
        </div>
        <div>
          <div className={styles.label}>Target</div>
          <CopyText value={entry.target} name={`target of ${record.name}`} />
        </div>
      </div>
      {fault && <RecordFaultNotice fault={fault} record={record} domain={domain} zone={zone} entry={entry} />}
    </li>
  );
}
