import { queryOptions } from "@tanstack/react-query";
import type { BrandHostView } from "./contract.ts";
import { inAccount, type Scope } from "./in-account.ts";

const POLL_MS = 10_000;

/** The account's own host, read again until it is in use. */
export const brandHostQuery = queryOptions({
  queryKey: ["brand-host"],
  queryFn: (scope) => inAccount(scope).get<BrandHostView>("/account/brand-host"),
  refetchInterval: ({ state }) =>
    state.data && ["waiting", "certificate"].includes(state.data.state) ? POLL_MS : false,
});

export const setBrandHost = (host: string, scope: Scope) =>
  inAccount(scope).put<BrandHostView>("/account/brand-host", { host });

export const removeBrandHost = (_: unknown, scope: Scope) => inAccount(scope).delete("/account/brand-host");
