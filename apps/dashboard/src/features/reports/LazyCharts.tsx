import { type ComponentProps, lazy, Suspense, useState } from "react";
import { findCharts, loadCharts } from "../../charts/load-charts.ts";
import { Skeleton } from "../../ui/Skeleton.tsx";

const LaterSessions = lazy(async () => ({ default: (await loadCharts()).SessionsChart }));
const LaterBreakdown = lazy(async () => ({ default: (await loadCharts()).BreakdownChart }));

export function SessionsChart(props: ComponentProps<typeof LaterSessions>) {
  // Kept: another component in its place would begin again.
  const [Chart] = useState(() => findCharts()?.SessionsChart ?? LaterSessions);
  return (
    <Suspense fallback={<Skeleton height={props.height + 128} />}>
      <Chart {...props} />
    </Suspense>
  );
}

export function BreakdownChart(props: ComponentProps<typeof LaterBreakdown>) {
  const [Chart] = useState(() => findCharts()?.BreakdownChart ?? LaterBreakdown);
  return (
    <Suspense fallback={<Skeleton height={props.bars.length * 34 + 56} />}>
      <Chart {...props} />
    </Suspense>
  );
}
