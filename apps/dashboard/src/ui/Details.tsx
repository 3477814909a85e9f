import type { ReactNode } from "react";
import styles from "./Details.module.css";

/** More of the same, shown when asked for. */
export function Details({ title, children }: { title: string; children: ReactNode }) {
  return (
    <details className={styles.details}>
      <summary>{title}</summary>
      <div className={styles.content}>{children}</div>
    </details>
  );
}
