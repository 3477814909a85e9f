import { type ReactNode, useId } from "react";
import styles from "./Panel.module.css";

type Props = {
  title: string;
  hint?: ReactNode;
  actions?: ReactNode;
  /** The content reaches the edges, as tables do. */
  flush?: boolean;
  children: ReactNode;
};

/** A titled part of a page. */
export function Panel({ title, hint, actions, flush, children }: Props) {
  const titleId = useId();
  return (
    <section className={styles.panel} aria-labelledby={titleId}>
      <div className={styles.head}>
        <div>
          <h2 id={titleId} className={styles.title}>
            {title}
          </h2>
          {hint && <p className={styles.hint}>{hint}</p>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
      <div className={flush ? styles.flush : styles.body}>{children}</div>
    </section>
  );
}
