import { useMediaQuery } from "@mantine/hooks";
import { Bar, BarChart, LabelList, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { formatCompactCount, formatCount, formatShare } from "../format/counts.ts";
import { ChartLegend } from "./ChartLegend.tsx";
import styles from "./Charts.module.css";
import { ChartTip } from "./ChartTip.tsx";
import { niceTicks } from "./nice-ticks.ts";
import { FAILED_PATTERN, Patterns } from "./Patterns.tsx";
import type { ChartSeries } from "./SessionsChart.tsx";

/** One bar: what it shows, and sessions by series. */
export type ChartBar = {
  key: string;
  name: string;
  counts: Readonly<Record<string, number>>;
  color?: string;
};

type Props = {
  bars: readonly ChartBar[];
  series: readonly ChartSeries[];
  /** A bar was pressed; its key. The chart is for the pointer: a page that offers this has the same in a table. */
  onPick?: (key: string) => void;
};

const BAR_HEIGHT = 34;
const AXIS_HEIGHT = 28;
const MAX_NAME_LENGTH = 40;
const LEAST_SHARE = 0.006;

/** Sessions side by side for each of a few things, largest first as given; each bar ends in its number. */
export function BreakdownChart({ bars, series, onPick }: Props) {
  const isNarrow = useMediaQuery("(max-width: 640px)");
  const ticks = niceTicks(Math.max(...bars.map((bar) => total(bar, series))));
  return (
    <>
      <div className={styles.frame} style={{ height: breakdownHeight(bars.length) }} aria-hidden="true">
        <ResponsiveContainer width="100%" height="100%">
          <BarChart
            data={bars.map((bar) => ({ ...bar, ...(bar.color && { fill: bar.color }) }))}
            layout="vertical"
            margin={{ top: 0, right: 56, bottom: 0, left: 0 }}
            accessibilityLayer={false}
            barCategoryGap="26%"
            {...(onPick && {
              style: { cursor: "pointer" },
              onClick: ({ activeLabel }: { activeLabel?: unknown }) => {
                const picked = bars.find((bar) => bar.key === activeLabel);
                if (picked) onPick(picked.key);
              },
            })}
          >
            <Patterns />
            <XAxis
              type="number"
              tickFormatter={formatCompactCount}
              allowDecimals={false}
              domain={[0, ticks.at(-1) ?? 1]}
              ticks={ticks}
              tickLine={false}
              axisLine={false}
              height={AXIS_HEIGHT}
            />
            <YAxis
              type="category"
              dataKey="key"
              width={isNarrow ? 112 : 190}
              tickLine={false}
              axisLine={false}
              interval={0}
              tickFormatter={(key) => shortName(bars, key)}
            />
            <Tooltip
              cursor={{ fill: "var(--hover)" }}
              isAnimationActive={false}
              content={({ active, label }) => (
                <BarTip
                  bar={active ? bars.find((bar) => bar.key === label) : undefined}
                  series={series}
                  whole={bars.reduce((sum, bar) => sum + total(bar, series), 0)}
                />
              )}
            />
            {series.map(({ key, color }) => (
              <Bar
                key={key}
                dataKey={(bar: ChartBar) => drawn(bar.counts[key] ?? 0, ticks.at(-1) ?? 1)}
                stackId="sessions"
                fill={key === "failed" && series.length > 1 ? `url(#${FAILED_PATTERN})` : color}
                isAnimationActive={false}
              >
                <LabelList
                  position="right"
                  fill="var(--ink-soft)"
                  valueAccessor={(entry: { payload?: ChartBar }) => endLabel(entry.payload, series, key)}
                />
              </Bar>
            ))}
          </BarChart>
        </ResponsiveContainer>
      </div>
      {series.length > 1 && <ChartLegend items={series} />}
    </>
  );
}

/** The height of a chart with this number of bars, in pixels. */
function breakdownHeight(bars: number): number {
  return bars * BAR_HEIGHT + AXIS_HEIGHT;
}

type BarTipProps = { bar: ChartBar | undefined; series: readonly ChartSeries[]; whole: number };

/** Each count with its share: of the bar, and where a bar is one count, of all bars together. */
function BarTip({ bar, series, whole }: BarTipProps) {
  if (!bar) return null;
  const of = series.length > 1 ? total(bar, series) : whole;
  const rows = series.map(({ key, name, color }) => ({
    name,
    color: bar.color ?? color,
    value: withShare(bar.counts[key] ?? 0, of),
  }));
  return <ChartTip title={bar.name} rows={rows} />;
}

function withShare(count: number, of: number): string {
  return of > 0 ? `${formatCount(count)} (${formatShare(count / of)})` : formatCount(count);
}

/** A bar's number is at the end of its last visible part. */
function endLabel(bar: ChartBar | undefined, series: readonly ChartSeries[], key: string): string {
  const last = series.findLast((candidate) => (bar?.counts[candidate.key] ?? 0) > 0);
  return last?.key === key ? formatCount(total(bar, series)) : "";
}

/** Never too short to be seen. */
function drawn(sessions: number, top: number): number {
  return sessions === 0 ? 0 : Math.max(sessions, top * LEAST_SHARE);
}

function total(bar: ChartBar | undefined, series: readonly ChartSeries[]): number {
  return series.reduce((sum, { key }) => sum + (bar?.counts[key] ?? 0), 0);
}

function shortName(bars: readonly ChartBar[], key: unknown): string {
  const name = bars.find((bar) => bar.key === key)?.name ?? "";
  return name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH - 1)}…` : name;
}
