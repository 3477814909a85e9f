import type { ReactNode } from "react";
import styles from "./TabLinks.module.css";

/** Links between the parts of one thing; the children are links, the current one with aria-current="page". */
export function TabLinks({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav className={styles.tabs} aria-label={label}>
      {children}
    </nav>
  );
}
