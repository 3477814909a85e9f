import { type ComponentProps, lazy, Suspense } from "react";
import { Skeleton } from "../../ui/Skeleton.tsx";

// recharts is more than all the rest together: it comes when the first chart is shown.
const Sessions = lazy(async () => ({
  default: (await import("../../charts/SessionsChart.tsx")).SessionsChart,
}));
const Breakdown = lazy(async () => ({
  default: (await import("../../charts/BreakdownChart.tsx")).BreakdownChart,
}));

export function SessionsChart(props: ComponentProps<typeof Sessions>) {
  return (
    <Suspense fallback={<Skeleton height={props.height + 28} />}>
      <Sessions {...props} />
    </Suspense>
  );
}

export function BreakdownChart(props: ComponentProps<typeof Breakdown>) {
  return (
    <Suspense fallback={<Skeleton height={props.bars.length * 34 + 56} />}>
      <Breakdown {...props} />
    </Suspense>
  );
}
