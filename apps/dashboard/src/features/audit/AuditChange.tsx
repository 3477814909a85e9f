import type { EventView } from "../../api/contract.ts";
import styles from "./AuditChange.module.css";
import { listDifferences } from "./list-differences.ts";

/** What an event says, what was there before, and on demand all that was recorded. */
export function AuditChange({ event }: { event: EventView }) {
  const differences = listDifferences(event.data);
  return (
    <>
      {event.text}
      {differences.length > 0 && (
        <ul className={styles.differences} aria-label="Changes">
          {differences.map(({ name, before, after }) => (
            <li key={name}>
              <code>{name}</code> {before} → {after}
            </li>
          ))}
        </ul>
      )}
      {Object.keys(event.data).length > 0 && (
        <details>
          <summary>Details</summary>
          <pre>{JSON.stringify(event.data, null, 2)}</pre>
        </details>
      )}
    </>
  );
}
