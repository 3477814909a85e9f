import { queryOptions } from "@tanstack/react-query";
import { api } from "./client.ts";
import type { CreatedShareView, SharedSetupView, ShareView } from "./contract.ts";
import { inAccount, type Scope } from "./in-account.ts";
import { isLive, useLive } from "./live.ts";

const QUIET_POLL_MS = 30_000;
const SETTLING_POLL_MS = 5_000;

/** Whether there is a link to a domain's DNS instructions. */
export const shareQuery = (domainId: string) =>
  queryOptions({
    queryKey: ["domains", domainId, "share"],
    queryFn: (scope) => inAccount(scope).get<ShareView>(path(domainId)),
  });

export const shareDomain = (domainId: string, scope: Scope) =>
  inAccount(scope).post<CreatedShareView>(path(domainId));

export const revokeShare = (domainId: string, scope: Scope) => inAccount(scope).delete(path(domainId));

/** What such a link shows; asked again until all three records are there. */
export const sharedSetupQuery = (shareToken: string) =>
  queryOptions({
    queryKey: ["shared", shareToken],
    queryFn: () => api.get<SharedSetupView>(sharedPath(shareToken)),
    refetchInterval: ({ state }) => {
      if (state.data?.setup.every((record) => record.state === "correct")) return false;
      return isLive(sharedPath(shareToken)) ? QUIET_POLL_MS : SETTLING_POLL_MS;
    },
  });

/** Reads what a link shows again as soon as it changes, while the page is open. */
export function useLiveSharedSetup(shareToken: string): void {
  useLive(sharedPath(shareToken), ["shared", shareToken]);
}

function sharedPath(shareToken: string) {
  return `/shared/${encodeURIComponent(shareToken)}` as const;
}

function path(domainId: string): string {
  return `/domains/${encodeURIComponent(domainId)}/share`;
}
