import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "./client.ts";
import type { CustomerListView, CustomerView, PortfolioState, PortfolioView } from "./contract.ts";

export const customersQuery = (q = "") =>
  queryOptions({
    queryKey: ["customers", q],
    queryFn: () => api.get<CustomerListView>("/customers", { q }),
    placeholderData: keepPreviousData,
  });

export function createCustomer(name: string) {
  return api.post<CustomerView>("/customers", { name });
}

export type PortfolioFilter = { q?: string; state?: PortfolioState; accountId?: string; tag?: string };

export const portfolioQuery = (filter: PortfolioFilter) =>
  infiniteQueryOptions({
    queryKey: ["customers", "domains", filter],
    queryFn: ({ pageParam }) =>
      api.get<PortfolioView>("/customers/domains", { ...filter, ...(pageParam && { cursor: pageParam }) }),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
