import type { PortfolioFilter } from "../../api/customers.ts";

const STATES = ["problem", "pending", "active", "leaving", "left"] as const;

/** The filter of the list of all domains out of the address; what makes no sense is left out. */
export function readPortfolioFilter(search: Record<string, unknown>): PortfolioFilter {
  const state = STATES.find((candidate) => candidate === search.state);
  const q = typeof search.q === "string" ? search.q.slice(0, 255) : "";
  const accountId = typeof search.accountId === "string" ? search.accountId.slice(0, 100) : "";
  const tag = typeof search.tag === "string" ? search.tag.slice(0, 40) : "";
  return { ...(q && { q }), ...(state && { state }), ...(accountId && { accountId }), ...(tag && { tag }) };
}
