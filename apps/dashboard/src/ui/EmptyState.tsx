import type { ReactNode } from "react";
import styles from "./EmptyState.module.css";

type Props = { title: string; body: ReactNode; action?: ReactNode; minHeight?: number };

/** Nothing here yet, and what to do about it. */
export function EmptyState({ title, body, action, minHeight }: Props) {
  return (
    <div className={styles.empty} style={{ minHeight }}>
      <p className={styles.title}>{title}</p>
      <p className={styles.body}>{body}</p>
      {action && <div className={styles.action}>{action}</div>}
    </div>
  );
}
