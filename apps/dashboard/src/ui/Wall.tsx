import type { ReactNode } from "react";
import styles from "./Wall.module.css";

/** Stands where a page cannot: its content with room around it. */
export function Wall({ children }: { children: ReactNode }) {
  return <div className={styles.wall}>{children}</div>;
}
