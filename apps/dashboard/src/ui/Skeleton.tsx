import styles from "./Skeleton.module.css";

/** Stands where something is being loaded, as high as it will be. */
export function Skeleton({ height }: { height: number }) {
  return (
    <div role="status">
      <span className="visually-hidden">Loading</span>
      <div className={styles.skeleton} style={{ height }} />
    </div>
  );
}
