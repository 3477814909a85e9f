import type { InstructionsView } from "../../api/contract.ts";
import { CopyText } from "../../ui/CopyText.tsx";
import { Status, type Tone } from "../../ui/Status.tsx";
import styles from "./InstructionList.module.css";

type Item = Pick<InstructionsView["items"][number], "domain" | "setup">;
type Setup = Item["setup"][number];

/** The records to publish, domain by domain, each with what the DNS says now. */
export function InstructionList({ items }: { items: readonly Item[] }) {
  return (
    <ul className={styles.list} aria-label="Domains">
      {items.map((item) => (
        <li key={`${item.domain} ${item.setup[0]?.target}`} className={styles.domain}>
          <DomainRecords item={item} />
        </li>
      ))}
    </ul>
  );
}

function DomainRecords({ item: { domain, setup } }: { item: Item }) {
  const lacking = setup.filter(({ state }) => state !== "correct").length;
  return (
    <section aria-label={domain}>
      <div className={styles.head}>
        <h3>{domain}</h3>
        <span role="status">
          {lacking === 0 ? (
            <Status tone="good">All in place</Status>
          ) : (
            <Status tone="waiting">{`${lacking} to publish`}</Status>
          )}
        </span>
      </div>
      <ul className={styles.records}>
        {setup.map((record) => (
          <li key={record.kind} className={styles.record}>
            <CopyText value={record.name} name={`name ${record.name}`} />
            <span className={styles.type}>CNAME</span>
            <CopyText value={record.target} name={`target of ${record.name}`} />
            <RecordState record={record} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function RecordState({ record }: { record: Setup }) {
  const { tone, word } = STATE_WORDS[record.state];
  return (
    <div className={styles.state}>
      <Status tone={tone}>{word}</Status>
      {record.state === "wrong" && record.seen && (
        <span className={styles.seen}>
          Replace <code>{record.seen}</code>
        </span>
      )}
    </div>
  );
}

const STATE_WORDS: Record<Setup["state"], { tone: Tone; word: string }> = {
  unchecked: { tone: "working", word: "Not checked yet" },
  missing: { tone: "idle", word: "Missing" },
  wrong: { tone: "bad", word: "Wrong" },
  correct: { tone: "good", word: "Correct" },
  unreachable: { tone: "notice", word: "DNS did not answer" },
};
