import { useId } from "react";
import styles from "./Choice.module.css";

type Props<V extends string> = {
  legend: string;
  value: V;
  onChange: (value: V) => void;
  options: readonly { value: V; name: string; detail: string }[];
};

/** One of a few, each with what it means. */
export function Choice<V extends string>({ legend, value, onChange, options }: Props<V>) {
  const name = useId();
  return (
    <fieldset className={styles.group}>
      <legend>{legend}</legend>
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
