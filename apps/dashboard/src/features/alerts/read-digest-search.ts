import type { DigestView } from "../../api/contract.ts";

const PERIODS = ["daily", "weekly", "monthly"] as const;

/** Which period is summarised, out of the address; a week unless it says otherwise. */
export function readDigestSearch({ period }: Record<string, unknown>): { period?: DigestView["period"] } {
  const known = PERIODS.find((one) => one === period);
  return known ? { period: known } : {};
}
