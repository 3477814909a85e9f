/** The periods the page of fetches shows, by their words in the address. */
export const FETCH_PERIODS = { day: 24, month: 720 } as const;

export type FetchPeriod = keyof typeof FETCH_PERIODS;

/** The period out of the address; what makes no sense is left out, which means the last 24 hours. */
export function readFetchPeriod({ period }: Record<string, unknown>): { period?: FetchPeriod } {
  return period === "day" || period === "month" ? { period } : {};
}
