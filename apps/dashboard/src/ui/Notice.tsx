import type { ReactNode } from "react";
import styles from "./Notice.module.css";
import { StatusShape, type Tone } from "./Status.tsx";

type Props = {
  /** aside: not about the product itself, e.g. about the sandbox. */
  tone: Tone | "aside";
  title?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  live?: boolean;
};

/** Something to know here and now; `live` is read out when it appears. */
export function Notice({ tone, title, children, actions, live }: Props) {
  const look = tone === "notice" ? styles.attention : styles[tone];
  return (
    <div
      className={`${styles.notice} ${look}`}
      role={live ? (tone === "bad" ? "alert" : "status") : undefined}
    >
      {tone !== "aside" && <StatusShape tone={tone} />}
      <div className={styles.content}>
        {title && <p className={styles.title}>{title}</p>}
        {children}
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
    </div>
  );
}
