import { type ReactNode, useId } from "react";
import type { TermName } from "../format/glossary.ts";
import styles from "./Panel.module.css";
import { Term } from "./Term.tsx";

type Props = {
  title: string;
  hint?: ReactNode;
  /** A technical term of the title or hint, explained by a "?" beside the title. */
  term?: readonly [name: TermName, label: string];
  actions?: ReactNode;
  /** The content reaches the edges, as tables do. */
  flush?: boolean;
  children: ReactNode;
};

/** A titled part of a page. */
export function Panel({ title, hint, term, actions, flush, children }: Props) {
  const titleId = useId();
  return (
    <section className={styles.panel} aria-labelledby={titleId}>
      <div className={styles.head}>
        <div>
          <h2 id={titleId} className={term ? styles.withTerm : styles.title}>
            {title}
          </h2>
          {term && <Term name={term[0]} label={term[1]} />}
          {hint && <p className={styles.hint}>{hint}</p>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
      <div className={flush ? styles.flush : styles.body}>{children}</div>
    </section>
  );
}
