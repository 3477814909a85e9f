import styles from "./Charts.module.css";

/** Which colour and which sign means what. */
export function ChartLegend({
  items,
  marks = [],
}: {
  items: readonly { key?: string; name: string; color: string }[];
  marks?: readonly { symbol: string; name: string }[];
}) {
  return (
    <ul className={styles.legend}>
      {items.map((item) => (
        <li key={item.name}>
          <span
            className={`${styles.swatch} ${item.key === "failed" ? styles.striped : ""}`}
            style={{ backgroundColor: item.color }}
          />
          {item.name}
        </li>
      ))}
      {marks.map(({ symbol, name }) => (
        <li key={name}>
          <span aria-hidden="true">{symbol}</span>
          {name}
        </li>
      ))}
    </ul>
  );
}
