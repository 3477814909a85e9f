import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { FoundView } from "./contract.ts";
import { inAccount } from "./in-account.ts";

/** What a few letters may mean. */
export const findQuery = (q: string) =>
  queryOptions({
    queryKey: ["find", q],
    queryFn: (scope) => inAccount(scope).get<FoundView>("/find", { q }),
    enabled: q !== "",
    placeholderData: keepPreviousData,
  });
