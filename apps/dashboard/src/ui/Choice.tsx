import { useId } from "react";
import type { TermName } from "../format/glossary.ts";
import styles from "./Choice.module.css";
import { Term } from "./Term.tsx";

type Props<V extends string> = {
  legend: string;
  /** A technical term of the legend, explained by a "?" beside it. */
  term?: readonly [name: TermName, label: string];
  value: V;
  onChange: (value: V) => void;
  options: readonly { value: V; name: string; detail: string }[];
};

/** One of a few, each with what it means. */
export function Choice<V extends string>({ legend, term, value, onChange, options }: Props<V>) {
  const name = useId();
  return (
    <fieldset className={styles.group} aria-labelledby={`${name}-legend`}>
      <legend>
        <span id={`${name}-legend`}>{legend}</span>
        {term && <Term name={term[0]} label={term[1]} />}
      </legend>
      {options.map((option) => (
        <label key={option.value} className={styles.option}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          <span className={styles.name}>{option.name}</span>
          <span className={styles.detail}>{option.detail}</span>
        </label>
      ))}
    </fieldset>
  );
}
