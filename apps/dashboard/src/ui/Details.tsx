import { type ReactNode, useState } from "react";
import styles from "./Details.module.css";

/** More of the same, made and shown when asked for. */
export function Details({ title, children }: { title: string; children: ReactNode }) {
  const [wasOpened, setWasOpened] = useState(false);
  return (
    <details className={styles.details} onToggle={() => setWasOpened(true)}>
      <summary>{title}</summary>
      <div className={styles.content}>{wasOpened && children}</div>
    </details>
  );
}
