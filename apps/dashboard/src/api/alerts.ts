import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type {
  ChannelKind,
  ChannelListView,
  ChannelSecretView,
  ChannelTestView,
  ChannelView,
  CreatedChannelView,
  DeliveryListView,
  DigestView,
  IncidentDetailView,
  IncidentListView,
  SubscriptionView,
} from "./contract.ts";
import { inAccount, type Scope } from "./in-account.ts";

export type IncidentState = "open" | "resolved";

/** Alerts open and end without this page's doing. */
const REFRESH_MS = 30_000;

export const incidentsQuery = (state: IncidentState) =>
  infiniteQueryOptions({
    queryKey: ["incidents", state],
    refetchInterval: REFRESH_MS,
    queryFn: ({ pageParam, ...scope }) =>
      inAccount(scope).get<IncidentListView>("/incidents", { state, cursor: pageParam }),
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

/** The open ones that a domain is part of. */
export const domainIncidentsQuery = (domainId: string) =>
  queryOptions({
    queryKey: ["incidents", "domain", domainId],
    refetchInterval: REFRESH_MS,
    queryFn: (scope) => inAccount(scope).get<IncidentListView>("/incidents", { state: "open", domainId }),
  });

/** How many are open, for the navigation. */
export const openIncidentsQuery = queryOptions({
  queryKey: ["incidents", "count"],
  refetchInterval: REFRESH_MS,
  queryFn: async (scope) =>
    (await inAccount(scope).get<IncidentListView>("/incidents", { state: "open" })).open,
});

export const incidentQuery = (incidentId: string) =>
  queryOptions({
    queryKey: ["incidents", "one", incidentId],
    refetchInterval: REFRESH_MS,
    queryFn: (scope) => inAccount(scope).get<IncidentDetailView>(path(incidentId)),
  });

export function acknowledgeIncident(incidentId: string, scope: Scope) {
  return inAccount(scope).post<IncidentDetailView>(path(incidentId, "/acknowledge"));
}

export function snoozeIncident(incidentId: string, until: string | null, scope: Scope) {
  return inAccount(scope).post<IncidentDetailView>(path(incidentId, "/snooze"), { until });
}

export function noteIncident(
  incidentId: string,
  body: { note?: string; isNotUseful?: boolean },
  scope: Scope,
) {
  return inAccount(scope).post<IncidentDetailView>(path(incidentId, "/note"), body);
}

export const channelsQuery = queryOptions({
  queryKey: ["channels"],
  queryFn: (scope) => inAccount(scope).list<ChannelListView>("/channels"),
});

export const deliveriesQuery = (channelId: string) =>
  queryOptions({
    queryKey: ["channels", channelId, "deliveries"],
    queryFn: (scope) => inAccount(scope).get<DeliveryListView>(channel(channelId, "/deliveries")),
  });

export function addChannel(
  body: {
    kind: ChannelKind;
    name: string;
    target: string;
    minSeverity: ChannelView["minSeverity"];
    match?: ChannelView["match"];
  },
  scope: Scope,
) {
  return inAccount(scope).post<CreatedChannelView>("/channels", body);
}

export function changeChannel(
  channelId: string,
  body: {
    isEnabled?: boolean;
    name?: string;
    minSeverity?: ChannelView["minSeverity"];
    match?: ChannelView["match"];
  },
  scope: Scope,
) {
  return inAccount(scope).patch<ChannelView>(channel(channelId), body);
}

export function removeChannel(channelId: string, scope: Scope) {
  return inAccount(scope).delete(channel(channelId));
}

export function testChannel(channelId: string, scope: Scope) {
  return inAccount(scope).post<ChannelTestView>(channel(channelId, "/test"));
}

export function rotateSecret(channelId: string, scope: Scope) {
  return inAccount(scope).post<ChannelSecretView>(channel(channelId, "/rotate-secret"));
}

export const digestQuery = (period: DigestView["period"]) =>
  queryOptions({
    queryKey: ["digest", period],
    queryFn: (scope) => inAccount(scope).get<DigestView>("/digest", { period }),
  });

export const subscriptionQuery = queryOptions({
  queryKey: ["subscription"],
  queryFn: (scope) => inAccount(scope).get<SubscriptionView>("/me/notifications"),
});

export function setSubscription(
  body: Pick<SubscriptionView, "severity" | "digest" | "timeZone" | "quiet">,
  scope: Scope,
) {
  return inAccount(scope).put<SubscriptionView>("/me/notifications", body);
}

function path(incidentId: string, rest = ""): string {
  return `/incidents/${encodeURIComponent(incidentId)}${rest}`;
}

function channel(channelId: string, rest = ""): string {
  return `/channels/${encodeURIComponent(channelId)}${rest}`;
}
