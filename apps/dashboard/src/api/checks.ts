import { queryOptions } from "@tanstack/react-query";
import { api } from "./client.ts";
import type { CheckView } from "./contract.ts";

/** The whole check of any domain from outside; seconds long, so it is asked again only on demand. */
export const checkQuery = (domain: string) =>
  queryOptions({
    queryKey: ["check", domain],
    queryFn: () => api.get<CheckView>("/check", { domain }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
