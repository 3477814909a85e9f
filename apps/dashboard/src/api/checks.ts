import { queryOptions } from "@tanstack/react-query";
import { send } from "./client.ts";
import type { CheckView } from "./contract.ts";

/** Many mail hosts that do not answer are waited for, one after the other. */
const CHECK_MS = 120_000;

/** The whole check of any domain from outside; seconds long, so it is asked again only on demand. */
export const checkQuery = (domain: string) =>
  queryOptions({
    queryKey: ["check", domain],
    queryFn: () => send<CheckView>("GET", "/api/v1/check", { query: { domain }, timeoutMs: CHECK_MS }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
