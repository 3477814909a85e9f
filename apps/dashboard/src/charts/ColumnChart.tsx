import { formatCount, formatShare } from "../format/counts.ts";
import { ChartLegend } from "./ChartLegend.tsx";
import styles from "./ColumnChart.module.css";
import { niceTicks } from "./nice-ticks.ts";

type ChartColumn = {
  key: string;
  name: string;
  counts: Readonly<Record<string, number>>;
  /** Nothing is known of it: hatched. */
  isGap?: boolean;
  /** More is still to come: with a dashed edge. */
  isPartial?: boolean;
};

type Props = {
  columns: readonly ChartColumn[];
  /** Stacked from the bottom. The one called "failed" is striped, and never too low to be seen. */
  series: readonly { key: string; name: string; color: string }[];
  /** One of many beside each other: lower, and the legend is theirs together. */
  isSmall?: boolean;
};

/** Counts over time as stacked columns, without any library. For the eye: a page that shows it has the same in a table. */
export function ColumnChart({ columns, series, isSmall = false }: Props) {
  const sumOf = ({ counts }: ChartColumn) => series.reduce((sum, { key }) => sum + (counts[key] ?? 0), 0);
  const top = niceTicks(Math.max(1, ...columns.map(sumOf))).at(-1) ?? 1;
  const [first, last] = [columns[0], columns.at(-1)];
  return (
    <div aria-hidden="true">
      <div className={styles.top}>{formatCount(top)}</div>
      <div className={isSmall ? styles.small : styles.columns}>
        {columns.map((column) => (
          <div
            key={column.key}
            className={[styles.column, column.isGap && styles.gap, column.isPartial && styles.partial]
              .filter(Boolean)
              .join(" ")}
            title={titleOf(column, series)}
          >
            {series.toReversed().map(({ key, color }) => (
              <div
                key={key}
                className={key === "failed" && column.counts[key] ? styles.failed : undefined}
                style={{ height: `${(100 * (column.counts[key] ?? 0)) / top}%`, backgroundColor: color }}
              />
            ))}
          </div>
        ))}
      </div>
      <div className={styles.ends}>
        <span>{first?.name}</span>
        <span>{last !== first && last?.name}</span>
      </div>
      {!isSmall && <ChartLegend items={series} />}
    </div>
  );
}

function titleOf({ name, counts, isGap, isPartial }: ChartColumn, series: Props["series"]): string {
  if (isGap) return `${name}\nNo report`;
  const sum = series.reduce((all, { key }) => all + (counts[key] ?? 0), 0);
  const lines = series.map(({ key, name: title }) => {
    const count = counts[key] ?? 0;
    return `${title}: ${formatCount(count)}${sum > 0 ? ` (${formatShare(count / sum)})` : ""}`;
  });
  return [name, ...lines, ...(isPartial ? ["Reports are still to come."] : [])].join("\n");
}
