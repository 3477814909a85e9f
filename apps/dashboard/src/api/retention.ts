import { queryOptions } from "@tanstack/react-query";
import { api } from "./client.ts";
import type { RetentionView } from "./contract.ts";

/** How long the account's reports are kept. */
export const retentionQuery = queryOptions({
  queryKey: ["retention"],
  queryFn: () => api.get<RetentionView>("/account/retention"),
});

export function setRetention(days: { rawDays: number; dailyDays: number }) {
  return api.put<RetentionView>("/account/retention", days);
}
