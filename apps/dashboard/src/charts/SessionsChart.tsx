import { formatDay } from "@waxseal/contract/format-instant";
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { formatCompactCount, formatCount } from "../format/counts.ts";
import { formatShortDay } from "../format/utc-days.ts";
import { ChartLegend } from "./ChartLegend.tsx";
import styles from "./Charts.module.css";
import { ChartTip } from "./ChartTip.tsx";
import { niceTicks } from "./nice-ticks.ts";

export type ChartSeries = { key: string; name: string; color: string };

/** One UTC day: sessions by series, or a gap without any report. */
export type ChartDay = { day: string; isGap: boolean; counts: Readonly<Record<string, number>> };

type Props = {
  days: readonly ChartDay[];
  series: readonly ChartSeries[];
  height: number;
  /** A day with reports was pressed. The chart is for the pointer: a page that offers this has the same in a table. */
  onPick?: (day: string) => void;
};

const GAP = { name: "No report (unknown, not zero)", color: "var(--chart-gap)" };

/** Sessions per day, stacked by series. Days without a report are hatched over their whole height. */
export function SessionsChart({ days, series, height, onPick }: Props) {
  const sums = days.map(({ counts }) => series.reduce((sum, { key }) => sum + (counts[key] ?? 0), 0));
  const ticks = niceTicks(Math.max(...sums));
  const top = ticks.at(-1) ?? 1;
  const hasGap = days.some((day) => day.isGap);
  return (
    <>
      <div className={styles.frame} style={{ height }} aria-hidden="true">
        <ResponsiveContainer width="100%" height="100%">
          <BarChart
            data={[...days]}
            margin={{ top: 8, right: 0, bottom: 0, left: 0 }}
            accessibilityLayer={false}
            barCategoryGap="18%"
            {...(onPick && {
              style: { cursor: "pointer" },
              onClick: ({ activeLabel }: { activeLabel?: unknown }) => {
                const picked = findDay(days, activeLabel);
                if (picked && !picked.isGap) onPick(picked.day);
              },
            })}
          >
            <defs>
              <pattern
                id="gap-hatch"
                width="6"
                height="6"
                patternUnits="userSpaceOnUse"
                patternTransform="rotate(45)"
              >
                <line x1="0" y1="0" x2="0" y2="6" stroke="var(--chart-gap)" strokeWidth="2" />
              </pattern>
            </defs>
            <CartesianGrid vertical={false} stroke="var(--chart-grid)" />
            <XAxis
              dataKey="day"
              tickFormatter={formatShortDay}
              tickLine={false}
              axisLine={false}
              minTickGap={28}
            />
            <YAxis
              width={44}
              domain={[0, top]}
              ticks={ticks}
              allowDecimals={false}
              tickFormatter={formatCompactCount}
              tickLine={false}
              axisLine={false}
            />
            <Tooltip
              cursor={{ fill: "var(--hover)" }}
              isAnimationActive={false}
              content={({ active, label }) => (
                <DayTip day={active ? findDay(days, label) : undefined} series={series} />
              )}
            />
            {series.map(({ key, color }) => (
              <Bar
                key={key}
                dataKey={(day: ChartDay) => (day.isGap ? null : (day.counts[key] ?? 0))}
                stackId="sessions"
                fill={color}
                isAnimationActive={false}
              />
            ))}
            <Bar
              dataKey={(day: ChartDay) => (day.isGap ? top : null)}
              stackId="sessions"
              fill="url(#gap-hatch)"
              isAnimationActive={false}
            />
          </BarChart>
        </ResponsiveContainer>
      </div>
      <ChartLegend items={hasGap ? [...series, GAP] : series} />
    </>
  );
}

function DayTip({ day, series }: { day: ChartDay | undefined; series: readonly ChartSeries[] }) {
  if (!day) return null;
  const rows = series
    .filter(({ key }) => (day.counts[key] ?? 0) > 0)
    .map(({ key, name, color }) => ({ name, color, value: formatCount(day.counts[key] ?? 0) }));
  return (
    <ChartTip
      title={`${formatDay(day.day)} (UTC)`}
      rows={day.isGap ? [] : rows}
      note={day.isGap ? "No report for this day." : rows.length === 0 ? "No such session." : undefined}
    />
  );
}

function findDay(days: readonly ChartDay[], label: unknown): ChartDay | undefined {
  return days.find((day) => day.day === label);
}
