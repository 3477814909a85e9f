import { queryOptions } from "@tanstack/react-query";
import { api } from "./client.ts";
import type { SavedFilterListView, SavedFilterView, TagListView } from "./contract.ts";

export type SavedFilterPage = SavedFilterView["page"];

/** The tags in use: on the account's domains, or on its customers' too. */
export const tagsQuery = (scope: "own" | "all") =>
  queryOptions({ queryKey: ["tags", scope], queryFn: () => api.get<TagListView>("/tags", { scope }) });

export function changeTags(body: { domainIds: readonly string[]; add: string[]; remove: string[] }) {
  return api.post<{ changed: number }>("/domains/tags", body);
}

export const savedFiltersQuery = queryOptions({
  queryKey: ["saved-filters"],
  queryFn: () => api.get<SavedFilterListView>("/saved-filters"),
});

export function saveFilter(body: { page: SavedFilterPage; name: string; search: Record<string, string> }) {
  return api.post<SavedFilterView>("/saved-filters", body);
}

export function removeFilter(id: string) {
  return api.delete(`/saved-filters/${encodeURIComponent(id)}`);
}
