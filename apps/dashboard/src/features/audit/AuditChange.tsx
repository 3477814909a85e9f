import type { EventView } from "../../api/contract.ts";
import styles from "./AuditChange.module.css";
import { listDifferences } from "./list-differences.ts";

/** What an event says, and what changed. All that was recorded is in the export. */
export function AuditChange({ event }: { event: EventView }) {
  const differences = listDifferences(event.data);
  return (
    <>
      {event.text}
      {differences.length > 0 && (
        <ul className={styles.differences} aria-label="Changes">
          {differences.map(({ name, before, after }) => (
            <li key={name}>
              {name}: {before} → {after}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
