import { showHost } from "../format/host-names.ts";
import styles from "./HostName.module.css";

/** A host or domain in its own script; its A-labels on hover. One that may imitate another says so. */
export function HostName({ name }: { name: string }) {
  const { text, ascii, warning } = showHost(name);
  if (text === ascii) return name;
  return (
    <span title={warning ? `${ascii}. ${warning}` : ascii}>
      <bdi>{text}</bdi>
      <span className="visually-hidden"> ({ascii})</span>
      {warning && (
        <span className={styles.warning}>
          {" "}
          ⚠ <span className="visually-hidden">{warning}</span>
          <code aria-hidden="true">{ascii}</code>
        </span>
      )}
    </span>
  );
}
