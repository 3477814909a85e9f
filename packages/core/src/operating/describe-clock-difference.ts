const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

/** `450 days ahead of`, `1 minute behind`: in the largest unit of which there are two, else the next smaller. */
export function describeClockDifference(aheadMs: number): string {
  const seconds = Math.round(Math.abs(aheadMs) / 1_000);
  const [unit, size] = UNITS.find(([, size]) => seconds >= size * 2) ?? ["second", 1];
  const count = Math.floor(seconds / size);
  return `${count} ${unit}${count === 1 ? "" : "s"} ${aheadMs < 0 ? "behind" : "ahead of"}`;
}
