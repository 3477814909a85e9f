import type { ReactNode } from "react";
import styles from "./Inset.module.css";

/** Content with the usual margins inside a panel that is flush. */
export function Inset({ children }: { children: ReactNode }) {
  return <div className={styles.inset}>{children}</div>;
}
