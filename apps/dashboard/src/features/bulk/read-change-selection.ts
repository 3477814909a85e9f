import type { PortfolioFilter } from "../../api/customers.ts";

/** Which domains a change to many policies is about, out of its address: some, or what a filter leaves. */
export type ChangeSelection = { domainIds?: string } & PortfolioFilter;

const STATES = ["problem", "pending", "active", "leaving", "left"] as const;

/** What makes no sense in the address is left out. `domainIds` has commas between ids and goes before a filter. */
export function readChangeSelection(search: Record<string, unknown>): ChangeSelection {
  const read = (name: string, length: number) =>
    typeof search[name] === "string" ? search[name].slice(0, length) : "";
  const domainIds = read("domainIds", 40 * 1_000).replace(/[^\w,-]/g, "");
  if (domainIds) return { domainIds };
  const [q, accountId, tag] = [read("q", 255), read("accountId", 100), read("tag", 40)];
  const state = STATES.find((candidate) => candidate === search.state);
  return { ...(q && { q }), ...(state && { state }), ...(accountId && { accountId }), ...(tag && { tag }) };
}
