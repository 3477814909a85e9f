import styles from "./Progress.module.css";

type Props = { label: string; done: number; total: number };

/** How much of something is done, as a bar and in words. */
export function Progress({ label, done, total }: Props) {
  return (
    <div className={styles.progress}>
      <progress aria-label={label} value={done} max={total} />
      <span>{`${done} of ${total}`}</span>
    </div>
  );
}
