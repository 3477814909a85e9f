import type { ReactNode } from "react";
import styles from "./Text.module.css";

type Props = { tone?: "soft" | "faint"; small?: boolean; children: ReactNode };

/** A paragraph of at most 72 characters a line. */
export function Text({ tone, small, children }: Props) {
  const classes = [styles.prose, tone && styles[tone], small && styles.small];
  return <p className={classes.filter(Boolean).join(" ")}>{children}</p>;
}
