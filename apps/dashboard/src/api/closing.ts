import { queryOptions } from "@tanstack/react-query";
import { api } from "./client.ts";
import type { ClosingView } from "./contract.ts";

export const ACCOUNT_EXPORT_URL = "/api/v1/account/export";

/** Whether the account is being deleted; asked again while it is. */
export const closingQuery = queryOptions({
  queryKey: ["closing"],
  queryFn: () => api.get<ClosingView>("/account/closing"),
  refetchInterval: ({ state }) => (state.data?.closingAt ? 10_000 : false),
});

export function closeAccount(name: string) {
  return api.post<ClosingView>("/account/closing", { name });
}

export function keepAccount() {
  return api.delete("/account/closing");
}
