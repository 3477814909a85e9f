import type { ReactNode } from "react";
import { formatCountOf, formatShare } from "../format/counts.ts";
import { formatShortDay } from "../format/utc-days.ts";
import { type ChartBin, formatBin } from "./bin-days.ts";
import styles from "./HeatMap.module.css";
import { heatLevel } from "./heat-level.ts";

/** A day: how its sessions ended, or null without a report. */
export type HeatCell = { share: number | null; failed: number } | null;

type Props = {
  caption: string;
  firstColumn: string;
  /** Days or weeks, with their first UTC day. */
  columns: readonly Pick<ChartBin, "key" | "lastDay" | "isPartial">[];
  rows: readonly {
    key: string;
    name: ReactNode;
    cells: readonly HeatCell[];
    figures: readonly ReactNode[];
  }[];
  /** Titles of the figures behind the days. */
  figures: readonly string[];
};

/** Rows over days as a table of tinted cells. Each cell has its figures in words, for screen readers and on hover. */
export function HeatMap({ caption, firstColumn, columns, rows, figures }: Props) {
  const every = Math.ceil(columns.length / MAX_LABELS);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: on narrow screens it scrolls, which has to be possible by keyboard
    <section className={styles.scroll} aria-label={`${caption}: table`} tabIndex={0}>
      <table className={styles.map}>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{firstColumn}</th>
            {columns.map((bin, index) => (
              <th key={bin.key} scope="col" className={styles.day}>
                <span className="visually-hidden">{nameOf(bin)}</span>
                {index % every === 0 && <span aria-hidden="true">{formatShortDay(bin.key)}</span>}
              </th>
            ))}
            {figures.map((title) => (
              <th key={title} scope="col" className={styles.figure}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <th scope="row">{row.name}</th>
              {columns.map((bin, index) => (
                <HeatDay
                  key={bin.key}
                  name={nameOf(bin)}
                  cell={row.cells[index] ?? null}
                  isPartial={bin.isPartial}
                />
              ))}
              {row.figures.map((figure, index) => (
                <td key={figures[index]} className={styles.figure}>
                  {figure}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const MAX_LABELS = 6;

function nameOf(bin: Props["columns"][number]): string {
  return bin.isPartial ? `${formatBin(bin)}, not over` : formatBin(bin);
}

function HeatDay({ name, cell, isPartial }: { name: string; cell: HeatCell; isPartial: boolean }) {
  const words =
    cell === null
      ? "no report"
      : `${formatShare(cell.share)} successful, ${formatCountOf(cell.failed, "failure")}`;
  return (
    <td className={`${styles.cell} ${isPartial ? styles.partial : ""}`} title={`${name}: ${words}`}>
      <span className={styles[heatLevel(cell)]} />
      <span className="visually-hidden">{words}</span>
    </td>
  );
}
