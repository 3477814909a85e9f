import type { DomainFilter } from "../../api/domains.ts";
import { readHealthFilter } from "./health-options.ts";

/** The filter of the domains list out of the address; what makes no sense is left out. */
export function readDomainFilter(search: Record<string, unknown>): DomainFilter {
  const health = readHealthFilter(search.health);
  const q = typeof search.q === "string" ? search.q.slice(0, 255) : "";
  const tag = typeof search.tag === "string" ? search.tag.slice(0, 40) : "";
  return { ...(q && { q }), ...(health && { health }), ...(tag && { tag }) };
}
