import type { DomainFilter } from "../../api/domains.ts";

const STATUSES = ["pending", "active", "leaving", "left"] as const;

/** The filter of the domains list out of the address; what makes no sense is left out. */
export function readDomainFilter(search: Record<string, unknown>): DomainFilter {
  const status = STATUSES.find((candidate) => candidate === search.status);
  const q = typeof search.q === "string" ? search.q.slice(0, 255) : "";
  const tag = typeof search.tag === "string" ? search.tag.slice(0, 40) : "";
  return { ...(q && { q }), ...(status && { status }), ...(tag && { tag }) };
}
