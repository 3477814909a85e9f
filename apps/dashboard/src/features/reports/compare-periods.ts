import { addDays, countDays } from "../../format/utc-days.ts";

/** The period of the same length that ended the day before. */
export function periodBefore({ from, to }: { from: string; to: string }): { from: string; to: string } {
  return { from: addDays(from, -countDays(from, to)), to: addDays(from, -1) };
}

/** How a count changed against the period before, in words; undefined when there is nothing to compare with. */
export function describeChange(now: number, before: number): string | undefined {
  if (before === 0) return now === 0 ? undefined : "none in the period before";
  const percent = Math.round((now / before - 1) * 100);
  if (percent === 0) return "as in the period before";
  return `${Math.abs(percent)}% ${percent > 0 ? "more" : "fewer"} than in the period before`;
}

/** How a share changed, in percentage points; undefined when either is unknown. */
export function describeShareChange(now: number | null, before: number | null): string | undefined {
  if (now === null || before === null) return undefined;
  const points = Math.round((now - before) * 1_000) / 10;
  if (points === 0) return "as in the period before";
  return `${Math.abs(points)} points ${points > 0 ? "above" : "below"} the period before`;
}
