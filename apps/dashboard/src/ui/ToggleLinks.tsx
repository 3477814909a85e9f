import type { ReactNode } from "react";
import styles from "./ToggleLinks.module.css";

/** A few ways to see the same; the children are links, the current one with aria-current="page". */
export function ToggleLinks({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav className={styles.toggle} aria-label={label}>
      {children}
    </nav>
  );
}
