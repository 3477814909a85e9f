import type { ReactNode } from "react";
import styles from "./Wall.module.css";

/** Content in place of a page, with room around it. */
export function Wall({ children }: { children: ReactNode }) {
  return <div className={styles.wall}>{children}</div>;
}
