import { queryOptions } from "@tanstack/react-query";
import { api } from "./client.ts";
import type { CreatedShareView, SharedSetupView, ShareView } from "./contract.ts";

const SETTLING_POLL_MS = 5_000;

/** Whether there is a link to a domain's DNS instructions. */
export const shareQuery = (domainId: string) =>
  queryOptions({
    queryKey: ["domains", domainId, "share"],
    queryFn: () => api.get<ShareView>(path(domainId)),
  });

export const shareDomain = (domainId: string) => api.post<CreatedShareView>(path(domainId));

export const revokeShare = (domainId: string) => api.delete(path(domainId));

/** What such a link shows; asked again until all three records are there. */
export const sharedSetupQuery = (shareToken: string) =>
  queryOptions({
    queryKey: ["shared", shareToken],
    queryFn: () => api.get<SharedSetupView>(`/shared/${encodeURIComponent(shareToken)}`),
    refetchInterval: ({ state }) =>
      state.data?.setup.every((record) => record.state === "correct") ? false : SETTLING_POLL_MS,
  });

function path(domainId: string): string {
  return `/domains/${encodeURIComponent(domainId)}/share`;
}
