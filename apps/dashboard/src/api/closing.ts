import { queryOptions } from "@tanstack/react-query";
import type { ClosingView } from "./contract.ts";
import { inAccount, type Scope } from "./in-account.ts";

export const ACCOUNT_EXPORT_PATH = "/account/export";

/** Whether the account is being deleted; asked again while it is. */
export const closingQuery = queryOptions({
  queryKey: ["closing"],
  queryFn: (scope) => inAccount(scope).get<ClosingView>("/account/closing"),
  refetchInterval: ({ state }) => (state.data?.closingAt ? 10_000 : false),
});

export function closeAccount(name: string, scope: Scope) {
  return inAccount(scope).post<ClosingView>("/account/closing", { name });
}

export function keepAccount(_: unknown, scope: Scope) {
  return inAccount(scope).delete("/account/closing");
}
