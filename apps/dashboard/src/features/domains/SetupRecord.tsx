import type { SetupRecordView } from "../../api/contract.ts";
import { CopyText } from "../../ui/CopyText.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Status } from "../../ui/Status.tsx";
import { SETUP_STATE_WORDS } from "./describe-domain-status.ts";
import { type DnsProvider, formatForProvider } from "./dns-providers.ts";
import styles from "./SetupPanel.module.css";

type Props = { record: SetupRecordView; provider: DnsProvider; domain: string };

/** One CNAME: what to enter, and what the DNS says now. */
export function SetupRecord({ record, provider, domain }: Props) {
  const { tone, word } = SETUP_STATE_WORDS[record.state];
  const entry = formatForProvider(provider, record, domain);
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
      {record.state === "wrong" && (
        <Notice tone="bad" title="This name answers something else">
          We saw <code>{record.seen ?? "another record"}</code>. Replace it by a CNAME to{" "}
          <code>{record.target}</code>.
        </Notice>
      )}
      {record.state === "unreachable" && (
        <Notice tone="notice" title={`The DNS of ${domain} did not answer`}>
          {record.seen ?? "Its name servers gave no usable answer."} We try again by ourselves.
        </Notice>
      )}
    </li>
  );
}
