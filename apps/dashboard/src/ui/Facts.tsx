import { Fragment, type ReactNode } from "react";
import type { TermName } from "../format/glossary.ts";
import styles from "./Facts.module.css";
import { Term } from "./Term.tsx";

type Props = {
  items: Readonly<Record<string, ReactNode>>;
  /** Technical terms among the names, each explained by a "?" beside it. */
  terms?: Readonly<Record<string, readonly [name: TermName, label: string]>>;
};

/** Names and values; what has no value is left out. */
export function Facts({ items, terms = {} }: Props) {
  return (
    <dl className={styles.facts}>
      {Object.entries(items)
        .filter(([, value]) => value !== null && value !== undefined)
        .map(([name, value]) => (
          <Fragment key={name}>
            <dt>
              {name}
              {terms[name] && <Term name={terms[name][0]} label={terms[name][1]} />}
            </dt>
            <dd>{value}</dd>
          </Fragment>
        ))}
    </dl>
  );
}
