import styles from "./Skeleton.module.css";

/** A placeholder while something loads, with the height of the loaded content. */
export function Skeleton({ height }: { height: number }) {
  return (
    <div role="status">
      <span className="visually-hidden">Loading</span>
      <div className={styles.skeleton} style={{ height }} />
    </div>
  );
}
