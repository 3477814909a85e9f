import { useState } from "react";
import {
  Bar,
  BarChart,
  CartesianGrid,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { formatCompactCount } from "../format/counts.ts";
import { formatShortDay } from "../format/utc-days.ts";
import { binDays, binOf, type ChartBin, type ChartDay } from "./bin-days.ts";
import { ChartLegend } from "./ChartLegend.tsx";
import styles from "./Charts.module.css";
import { DayTip } from "./DayTip.tsx";
import { niceTicks } from "./nice-ticks.ts";
import { FAILED_PATTERN, GAP_PATTERN, Patterns } from "./Patterns.tsx";
import { ShareLine } from "./ShareLine.tsx";

export type ChartSeries = { key: string; name: string; color: string };

/** Something that happened on a day and may explain what the bars show. */
export type ChartMark = { day: string; kind: "policy" | "certificate" | "incident"; words: string };

type Props = {
  days: readonly ChartDay[];
  series: readonly ChartSeries[];
  height: number;
  today: string;
  marks?: readonly ChartMark[];
  /** The days that the rest of the page is narrowed to. */
  picked?: { from: string; to: string } | undefined;
  /** Days were clicked or dragged over. The chart is for the pointer: a page that offers this has the same in a table. */
  onPick?: (range: { from: string; to: string }) => void;
};

const GAP = { name: "No report (unknown, not zero)", color: "var(--chart-gap)" };
const LEAST_FAILED_PX = 3;

/** Sessions per day or week, stacked by series, below the share of sessions that went well. Days without a report are hatched. */
export function SessionsChart({ days, series, height, today, marks = [], picked, onPick }: Props) {
  const bins = binDays(days, today);
  const ticks = niceTicks(Math.max(...bins.map((bin) => totalOf(bin, series))));
  const top = ticks.at(-1) ?? 1;
  const drag = useDrag(bins, onPick);
  const shown = drag.dragged ?? picked;
  return (
    <>
      <ShareLine bins={bins} />
      <p className={styles.unit} aria-hidden="true">
        Sessions
      </p>
      <div className={styles.frame} style={{ height }} aria-hidden="true">
        <ResponsiveContainer width="100%" height="100%">
          <BarChart
            data={bins}
            margin={{ top: 14, right: 0, bottom: 0, left: 0 }}
            accessibilityLayer={false}
            barCategoryGap="18%"
            {...drag.handlers}
          >
            <Patterns />
            <CartesianGrid vertical={false} stroke="var(--chart-grid)" />
            <XAxis
              dataKey="key"
              tickFormatter={formatShortDay}
              tickLine={false}
              axisLine={false}
              minTickGap={28}
              interval="equidistantPreserveStart"
            />
            <YAxis
              width={52}
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
                <DayTip
                  bin={active ? bins.find((bin) => bin.key === label) : undefined}
                  series={series}
                  marks={marks}
                />
              )}
            />
            {bins
              .filter(({ isPartial }) => isPartial)
              .map(({ key, lastDay }) => (
                <ReferenceArea
                  key={`partial ${key}`}
                  x1={key}
                  x2={key}
                  fill="var(--ink-faint)"
                  fillOpacity={0.08}
                  stroke="var(--ink-faint)"
                  strokeDasharray="3 3"
                  label={{
                    value: key === lastDay ? "today" : "",
                    position: "insideTop",
                    className: styles.today ?? "",
                  }}
                />
              ))}
            {shown && <Picked bins={bins} {...shown} />}
            {series.map(({ key, color }) => (
              <Bar
                key={key}
                dataKey={(bin: ChartBin) =>
                  bin.isGap ? null : drawn(key, bin.counts[key] ?? 0, top / height)
                }
                stackId="sessions"
                fill={key === "failed" ? `url(#${FAILED_PATTERN})` : color}
                isAnimationActive={false}
              />
            ))}
            <Bar
              dataKey={(bin: ChartBin) => (bin.isGap ? top : null)}
              stackId="sessions"
              fill={`url(#${GAP_PATTERN})`}
              isAnimationActive={false}
            />
            {groupMarks(bins, marks).map(({ key, symbols }) => (
              <ReferenceLine
                key={`mark ${key}`}
                x={key}
                stroke="var(--ink-faint)"
                strokeDasharray="2 3"
                label={{ value: symbols, position: "top", className: styles.mark ?? "" }}
              />
            ))}
          </BarChart>
        </ResponsiveContainer>
      </div>
      <ChartLegend
        items={[...series, ...(bins.some(({ gapDays }) => gapDays > 0) ? [GAP] : [])]}
        marks={[
          ...[...new Set(marks.map(({ kind }) => kind))].map((kind) => MARKS[kind]),
          ...(bins.some(({ isPartial }) => isPartial) ? [TODAY] : []),
        ]}
      />
    </>
  );
}

const MARKS = {
  policy: { symbol: "◆", name: "Policy published" },
  certificate: { symbol: "●", name: "Certificate renewed" },
  incident: { symbol: "▲", name: "Alert opened" },
} satisfies Record<ChartMark["kind"], { symbol: string; name: string }>;

const TODAY = { symbol: "┆", name: "Not over: reports are still to come" };

function groupMarks(bins: readonly ChartBin[], marks: readonly ChartMark[]) {
  const byBin = Map.groupBy(marks, ({ day }) => binOf(bins, day)?.key);
  return [...byBin].flatMap(([key, alike]) =>
    key === undefined
      ? []
      : [{ key, symbols: [...new Set(alike.map(({ kind }) => MARKS[kind].symbol))].join("") }],
  );
}

function Picked({ bins, from, to }: { bins: readonly ChartBin[]; from: string; to: string }) {
  const [first, last] = [binOf(bins, from), binOf(bins, to)];
  if (!first || !last) return null;
  return <ReferenceArea x1={first.key} x2={last.key} fill="var(--accent)" fillOpacity={0.14} />;
}

type Pointed = { activeLabel?: unknown };

/** Days that the pointer is dragged over; a click is a drag over one. */
function useDrag(bins: readonly ChartBin[], onPick: Props["onPick"]) {
  const [dragged, setDragged] = useState<{ start: string; end: string }>();
  if (!onPick) return { dragged: undefined, handlers: {} };
  const keyOf = ({ activeLabel }: Pointed) => bins.find((bin) => bin.key === activeLabel)?.key;
  const range = dragged && rangeOf(bins, dragged);
  const handlers = {
    style: { cursor: "pointer", userSelect: "none" as const },
    onMouseDown: (pointed: Pointed) => {
      const start = keyOf(pointed);
      setDragged(start === undefined ? undefined : { start, end: start });
    },
    onMouseMove: (pointed: Pointed) => {
      const end = keyOf(pointed);
      if (dragged && end !== undefined && end !== dragged.end) setDragged({ ...dragged, end });
    },
    onMouseUp: () => {
      setDragged(undefined);
      if (range) onPick(range);
    },
    onMouseLeave: () => setDragged(undefined),
  };
  return { dragged: range, handlers };
}

function rangeOf(bins: readonly ChartBin[], { start, end }: { start: string; end: string }) {
  const [from = start, to = end] = [start, end].sort();
  return { from, to: bins.find(({ key }) => key === to)?.lastDay ?? to };
}

/** A few failures among many sessions are drawn higher than they are; the figures are in the tooltip and the table. */
function drawn(key: string, sessions: number, sessionsPerPx: number): number {
  return key === "successful" || sessions === 0
    ? sessions
    : Math.max(sessions, LEAST_FAILED_PX * sessionsPerPx);
}

function totalOf({ counts }: ChartBin, series: readonly ChartSeries[]): number {
  return series.reduce((sum, { key }) => sum + (counts[key] ?? 0), 0);
}
