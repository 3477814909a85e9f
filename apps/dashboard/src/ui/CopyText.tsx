import { useClipboard } from "@mantine/hooks";
import styles from "./CopyText.module.css";
import { Icon } from "./Icon.tsx";

type Props = { value: string /** What is copied, e.g. "target". */; name: string };

/** A value to be typed nowhere: one press copies it. */
export function CopyText({ value, name }: Props) {
  const clipboard = useClipboard({ timeout: 1_600 });
  return (
    <div className={styles.copy}>
      <span className={styles.value}>{value}</span>
      <button
        type="button"
        aria-label={`Copy ${name}`}
        className={`${styles.button} ${clipboard.copied ? styles.done : ""}`}
        onClick={() => clipboard.copy(value)}
      >
        <Icon name={clipboard.copied ? "check" : "copy"} size={14} />
        <span aria-live="polite">{clipboard.copied ? "Copied" : "Copy"}</span>
      </button>
    </div>
  );
}
