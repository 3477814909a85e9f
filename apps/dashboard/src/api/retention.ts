import { queryOptions } from "@tanstack/react-query";
import type { RetentionView } from "./contract.ts";
import { inAccount, type Scope } from "./in-account.ts";

/** How long the account's reports are kept. */
export const retentionQuery = queryOptions({
  queryKey: ["retention"],
  queryFn: (scope) => inAccount(scope).get<RetentionView>("/account/retention"),
});

export function setRetention(days: { rawDays: number; dailyDays: number }, scope: Scope) {
  return inAccount(scope).put<RetentionView>("/account/retention", days);
}
