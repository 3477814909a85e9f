import type { PortfolioFilter } from "../../api/customers.ts";
import { readDomainFilter } from "./read-domain-filter.ts";

/** The filter of the list of all domains out of the address; what makes no sense is left out. */
export function readPortfolioFilter(search: Record<string, unknown>): PortfolioFilter {
  const accountId = typeof search.accountId === "string" ? search.accountId.slice(0, 100) : "";
  return { ...readDomainFilter(search), ...(accountId && { accountId }) };
}
