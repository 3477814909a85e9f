import type { ChartBin } from "./bin-days.ts";

/** The share of a bar's sessions that went well; null without any session. */
export function shareOf({ isGap, counts }: Pick<ChartBin, "isGap" | "counts">): number | null {
  const { successful = 0, failed = 0 } = counts;
  return isGap || successful + failed === 0 ? null : successful / (successful + failed);
}

/** Where an axis of shares begins: a round number below all of them, so that the difference between 97 and 99 % is seen. */
export function lowestShown(shares: readonly (number | null)[]): number {
  const least = Math.min(1, ...shares.filter((share) => share !== null));
  return [0.99, 0.95, 0.9, 0.75, 0.5].find((start) => start <= least) ?? 0;
}
