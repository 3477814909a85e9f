import { infiniteQueryOptions } from "@tanstack/react-query";
import type { EventListView } from "./contract.ts";
import { inAccount } from "./in-account.ts";

/** Instants are ISO 8601; `to` is exclusive. */
export type EventFilter = {
  actor?: string | undefined;
  kind?: string | undefined;
  domainId?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
};

export const eventsQuery = (filter: EventFilter) =>
  infiniteQueryOptions({
    queryKey: ["events", filter],
    queryFn: ({ pageParam, client }) =>
      inAccount({ client }).get<EventListView>("/events", {
        ...filter,
        ...(pageParam && { cursor: pageParam }),
      }),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor,
  });

export function eventExportPath(filter: EventFilter, format: "csv" | "json"): string {
  const query = new URLSearchParams({ format });
  for (const [name, value] of Object.entries(filter)) if (value) query.set(name, value);
  return `/events/export?${query}`;
}
