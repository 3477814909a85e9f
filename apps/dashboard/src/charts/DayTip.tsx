import { formatCount, formatCountOf, formatShare } from "../format/counts.ts";
import { type ChartBin, formatBin } from "./bin-days.ts";
import { ChartTip } from "./ChartTip.tsx";
import type { ChartMark, ChartSeries } from "./SessionsChart.tsx";
import { shareOf } from "./share-of.ts";

type Props = {
  bin: ChartBin | undefined;
  series: readonly ChartSeries[];
  marks: readonly ChartMark[];
};

/** The figures of a day or week, their share, what is missing, and what happened. */
export function DayTip({ bin, series, marks }: Props) {
  if (!bin) return null;
  const rows = series
    .filter(({ key }) => (bin.counts[key] ?? 0) > 0)
    .map(({ key, name, color }) => ({ name, color, value: formatCount(bin.counts[key] ?? 0) }));
  const share = shareOf(bin);
  const success = { name: "Success share", color: "transparent", value: formatShare(share) };
  const happened = marks.filter(({ day }) => day >= bin.key && day <= bin.lastDay).map(({ words }) => words);
  return (
    <ChartTip
      title={`${formatBin(bin)} (UTC)`}
      rows={bin.isGap || rows.length === 0 ? [] : [...rows, ...(share === null ? [] : [success])]}
      notes={[
        ...(bin.isPartial ? ["Today: reports are still to come."] : []),
        ...describeGap(bin, rows.length),
        ...happened,
      ]}
    />
  );
}

function describeGap({ isGap, gapDays, days }: ChartBin, shown: number): string[] {
  if (isGap) return [days === 1 ? "No report for this day." : "No report for these days."];
  if (gapDays > 0) return [`${formatCountOf(gapDays, "day")} of ${days} without a report.`];
  return shown === 0 ? ["No such session."] : [];
}
