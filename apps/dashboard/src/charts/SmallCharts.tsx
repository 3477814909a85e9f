import type { ReactNode } from "react";
import { type ChartBin, formatBin } from "./bin-days.ts";
import { ChartLegend } from "./ChartLegend.tsx";
import { ColumnChart } from "./ColumnChart.tsx";
import styles from "./SmallCharts.module.css";

type Props = {
  /** Each with its bars and its figures in words, which are there for screen readers too. */
  items: readonly { key: string; name: ReactNode; words: string; bins: readonly ChartBin[] }[];
};

const SERIES = [
  { key: "successful", name: "Successful", color: "var(--chart-good)" },
  { key: "failed", name: "Failed", color: "var(--chart-bad)" },
];

/** The same chart for each of a few things over the same days, each on its own scale, so that a small one is seen beside a large one. */
export function SmallCharts({ items }: Props) {
  return (
    <>
      <ul className={styles.grid}>
        {items.map(({ key, name, words, bins }) => (
          <li key={key}>
            <p className={styles.name}>{name}</p>
            <p className={styles.words}>{words}</p>
            <ColumnChart
              isSmall
              series={SERIES}
              columns={bins.map((bin) => ({ ...bin, name: formatBin(bin) }))}
            />
          </li>
        ))}
      </ul>
      <ChartLegend items={[...SERIES, GAP]} />
    </>
  );
}

const GAP = { name: "No report (unknown, not zero)", color: "var(--chart-gap)" };
