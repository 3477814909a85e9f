import { queryOptions } from "@tanstack/react-query";
import type { HomeView } from "./contract.ts";
import { inAccount } from "./in-account.ts";

const POLL_MS = 30_000;

/** What a person sees first; of a provider with all its customers. */
export const homeQuery = queryOptions({
  queryKey: ["home"],
  queryFn: (scope) => inAccount(scope).get<HomeView>("/home"),
  refetchInterval: POLL_MS,
});
