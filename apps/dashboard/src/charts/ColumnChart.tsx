import { formatCount } from "../format/counts.ts";
import { ChartLegend } from "./ChartLegend.tsx";
import styles from "./ColumnChart.module.css";
import { niceTicks } from "./nice-ticks.ts";

type ChartColumn = { key: string; name: string; counts: Readonly<Record<string, number>> };

type Props = {
  columns: readonly ChartColumn[];
  /** Stacked from the bottom. */
  series: readonly { key: string; name: string; color: string }[];
};

/** Counts over time as stacked columns, without any library. For the eye: a page that shows it has the same in a table. */
export function ColumnChart({ columns, series }: Props) {
  const sumOf = ({ counts }: ChartColumn) => series.reduce((sum, { key }) => sum + (counts[key] ?? 0), 0);
  const top = niceTicks(Math.max(1, ...columns.map(sumOf))).at(-1) ?? 1;
  const [first, last] = [columns[0], columns.at(-1)];
  return (
    <div aria-hidden="true">
      <div className={styles.top}>{formatCount(top)}</div>
      <div className={styles.columns}>
        {columns.map((column) => (
          <div key={column.key} className={styles.column} title={titleOf(column, series)}>
            {series.toReversed().map(({ key, color }) => (
              <div
                key={key}
                style={{ height: `${(100 * (column.counts[key] ?? 0)) / top}%`, background: color }}
              />
            ))}
          </div>
        ))}
      </div>
      <div className={styles.ends}>
        <span>{first?.name}</span>
        <span>{last !== first && last?.name}</span>
      </div>
      <ChartLegend items={series} />
    </div>
  );
}

function titleOf({ name, counts }: ChartColumn, series: Props["series"]): string {
  return [name, ...series.map((one) => `${one.name}: ${formatCount(counts[one.key] ?? 0)}`)].join("\n");
}
