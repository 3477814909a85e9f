import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { CustomerListView, CustomerReportsView, CustomerView, PortfolioView } from "./contract.ts";
import type { DomainFilter } from "./domains.ts";
import { inAccount, type Scope } from "./in-account.ts";

export const customersQuery = (q = "") =>
  queryOptions({
    queryKey: ["customers", q],
    queryFn: (scope) => inAccount(scope).list<CustomerListView>("/customers", { q }),
    placeholderData: keepPreviousData,
  });

export const customerReportsQuery = (range: { from: string; to: string }) =>
  queryOptions({
    queryKey: ["customers", "reports", range],
    queryFn: (scope) => inAccount(scope).list<CustomerReportsView>("/customers/reports", range),
    placeholderData: keepPreviousData,
  });

export function createCustomer(name: string, scope: Scope) {
  return inAccount(scope).post<CustomerView>("/customers", { name });
}

export type PortfolioFilter = DomainFilter & { accountId?: string };

export const portfolioQuery = (filter: PortfolioFilter) =>
  infiniteQueryOptions({
    queryKey: ["customers", "domains", filter],
    queryFn: ({ pageParam, client }) =>
      inAccount({ client }).get<PortfolioView>("/customers/domains", {
        ...filter,
        ...(pageParam && { cursor: pageParam }),
      }),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
