import styles from "./Charts.module.css";

export type TipRow = { name: string; value: string; color: string };

/** The figures under the pointer. */
export function ChartTip({
  title,
  rows,
  notes = [],
}: {
  title: string;
  rows: readonly TipRow[];
  notes?: readonly string[];
}) {
  return (
    <div className={styles.tip}>
      <p className={styles.tipTitle}>{title}</p>
      {rows.length > 0 && (
        <dl>
          {rows.map((row) => (
            <div key={row.name} style={{ display: "contents" }}>
              <span className={styles.swatch} style={{ background: row.color }} />
              <dt>{row.name}</dt>
              <dd>{row.value}</dd>
            </div>
          ))}
        </dl>
      )}
      {notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
    </div>
  );
}
