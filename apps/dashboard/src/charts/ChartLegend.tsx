import styles from "./Charts.module.css";

/** Which colour means what. */
export function ChartLegend({ items }: { items: readonly { name: string; color: string }[] }) {
  return (
    <ul className={styles.legend}>
      {items.map((item) => (
        <li key={item.name}>
          <span className={styles.swatch} style={{ background: item.color }} />
          {item.name}
        </li>
      ))}
    </ul>
  );
}
