import styles from "./Stats.module.css";

export type Stat = { name: string; value: string; note?: string };

/** A line of large numbers. */
export function Stats({ items }: { items: readonly Stat[] }) {
  return (
    <dl className={styles.stats}>
      {items.map((stat) => (
        <div key={stat.name} className={styles.stat}>
          <dt>{stat.name}</dt>
          <dd className={styles.value}>{stat.value}</dd>
          {stat.note && <dd className={styles.note}>{stat.note}</dd>}
        </div>
      ))}
    </dl>
  );
}
