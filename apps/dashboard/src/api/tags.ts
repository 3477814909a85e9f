import { queryOptions } from "@tanstack/react-query";
import type { SavedFilterListView, SavedFilterView, TagListView } from "./contract.ts";
import { inAccount, type Scope } from "./in-account.ts";

export type SavedFilterPage = SavedFilterView["page"];

/** The tags in use: on the account's domains, or on its customers' too. */
export const tagsQuery = (scope: "own" | "all") =>
  queryOptions({
    queryKey: ["tags", scope],
    queryFn: ({ client }) => inAccount({ client }).list<TagListView>("/tags", { scope }),
  });

/** Some domains, or all that a filter leaves but a few; `expected` is how many the person saw. */
export type DomainChoice =
  | { domainIds: readonly string[] }
  | { filter: Record<string, string>; exceptIds?: readonly string[]; expected?: number };

export function changeTags(body: DomainChoice & { add: string[]; remove: string[] }, scope: Scope) {
  return inAccount(scope).post<{ changed: number }>("/domains/tags", body);
}

export const savedFiltersQuery = queryOptions({
  queryKey: ["saved-filters"],
  queryFn: (scope) => inAccount(scope).list<SavedFilterListView>("/saved-filters"),
});

export function saveFilter(
  body: { page: SavedFilterPage; name: string; search: Record<string, string> },
  scope: Scope,
) {
  return inAccount(scope).post<SavedFilterView>("/saved-filters", body);
}

export function removeFilter(id: string, scope: Scope) {
  return inAccount(scope).delete(`/saved-filters/${encodeURIComponent(id)}`);
}
