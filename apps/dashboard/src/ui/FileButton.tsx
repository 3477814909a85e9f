import { useId } from "react";
import { buttonClass } from "./Button.tsx";
import styles from "./FileButton.module.css";

type Props = { label: string; accept: string; onChoose: (file: File) => void };

/** Lets a file be chosen. The same file may be chosen again. */
export function FileButton({ label, accept, onChoose }: Props) {
  const id = useId();
  return (
    <span className={styles.file}>
      <input
        id={id}
        type="file"
        accept={accept}
        className="visually-hidden"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (file) onChoose(file);
        }}
      />
      <label htmlFor={id} className={buttonClass()}>
        {label}
      </label>
    </span>
  );
}
