import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api } from "./client.ts";
import type {
  BrandView,
  CreatedSheetView,
  InstructionsView,
  SharedInstructionsView,
  SheetListView,
} from "./contract.ts";
import { inAccount, type Scope } from "./in-account.ts";

/** Without `accountId` and `domainIds` it is about the account's own domains. */
export type InstructionWish = {
  accountId?: string | undefined;
  domainIds?: readonly string[] | undefined;
  only: "missing" | "all";
};

const LIVE_POLL_MS = 10_000;

export const instructionsQuery = (wish: InstructionWish) =>
  infiniteQueryOptions({
    queryKey: ["instructions", wish],
    queryFn: ({ pageParam, client }) =>
      inAccount({ client }).get<InstructionsView>("/instructions", {
        ...asQuery(wish),
        ...(pageParam && { cursor: pageParam }),
      }),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: LIVE_POLL_MS,
  });

export function instructionExportPath(wish: InstructionWish, format: "csv" | "zone"): string {
  return `/instructions/export?${new URLSearchParams({ format, ...asQuery(wish) })}`;
}

export const sheetsQuery = queryOptions({
  queryKey: ["instructions", "sheets"],
  queryFn: (scope) => inAccount(scope).list<SheetListView>("/instruction-sheets"),
});

export function createSheet(
  body: InstructionWish & { mailTo?: string; expiresInDays?: number },
  scope: Scope,
) {
  return inAccount(scope).post<CreatedSheetView>("/instruction-sheets", body);
}

export function endSheet(id: string, scope: Scope) {
  return inAccount(scope).delete(`/instruction-sheets/${encodeURIComponent(id)}`);
}

/** What a link shows, read again every few seconds until nothing lacks. */
export const sharedInstructionsQuery = (sheetToken: string) =>
  infiniteQueryOptions({
    queryKey: ["shared-instructions", sheetToken],
    queryFn: ({ pageParam }) =>
      api.get<SharedInstructionsView>(sharedPath(sheetToken), { ...(pageParam && { cursor: pageParam }) }),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: ({ state }) => (state.data?.pages[0]?.incomplete === 0 ? false : LIVE_POLL_MS),
  });

export function sharedFileUrl(sheetToken: string, format: "csv" | "zone"): string {
  return `/api/v1${sharedPath(sheetToken)}/export?format=${format}`;
}

export function sharedLogoUrl(sheetToken: string): string {
  return `/api/v1${sharedPath(sheetToken)}/logo`;
}

export const brandQuery = queryOptions({
  queryKey: ["brand"],
  queryFn: (scope) => inAccount(scope).get<BrandView>("/account/brand"),
});

export const setBrand = (
  brand: { name: string | null; color: string | null; senderName: string | null },
  scope: Scope,
) => inAccount(scope).put<BrandView>("/account/brand", brand);

/** `image` is base64. */
export const setLogo = (image: string, scope: Scope) =>
  inAccount(scope).put<BrandView>("/account/logo", { image });

export const removeLogo = (_: unknown, scope: Scope) => inAccount(scope).delete("/account/logo");

function sharedPath(sheetToken: string) {
  return `/shared-instructions/${encodeURIComponent(sheetToken)}` as const;
}

function asQuery({ accountId, domainIds, only }: InstructionWish): Record<string, string> {
  return {
    only,
    ...(accountId && { accountId }),
    ...(domainIds && domainIds.length > 0 && { domainIds: domainIds.join(",") }),
  };
}
