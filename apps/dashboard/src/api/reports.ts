import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api } from "./client.ts";
import type {
  FailureClusterListView,
  GroupBy,
  QuarantineListView,
  ReparseView,
  ReportListView,
  ReportView,
  SummaryView,
} from "./contract.ts";

/** UTC days, both included; without a domain: all domains of the account. */
export type ReportRange = { from: string; to: string; domainId?: string | undefined };

export type ReportFilter = ReportRange & { source?: string | undefined; result?: string | undefined };

export const summaryQuery = (range: ReportRange, groupBy: GroupBy) =>
  queryOptions({
    queryKey: ["tls-reports", "summary", groupBy, range],
    queryFn: () => api.get<SummaryView>("/tls-reports/summary", { ...range, groupBy }),
    refetchInterval: 30_000,
  });

export const clustersQuery = (range: ReportRange) =>
  queryOptions({
    queryKey: ["tls-reports", "clusters", range],
    queryFn: () => api.get<FailureClusterListView>("/tls-reports/clusters", range),
  });

/** Where the figures of a range are downloaded. */
export function exportUrl(range: ReportRange, format: "csv" | "json", view: "daily" | "failures"): string {
  const { from, to, domainId } = range;
  return `/api/v1/tls-reports/export?${new URLSearchParams({ from, to, ...(domainId && { domainId }), format, view })}`;
}

export const reportListQuery = (filter: ReportFilter) =>
  infiniteQueryOptions({
    queryKey: ["tls-reports", "list", filter],
    queryFn: ({ pageParam }) =>
      api.get<ReportListView>("/tls-reports", { ...filter, ...(pageParam && { cursor: pageParam }) }),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor,
  });

export const reportQuery = (reportId: string) =>
  queryOptions({
    queryKey: ["tls-reports", reportId],
    queryFn: () => api.get<ReportView>(`/tls-reports/${encodeURIComponent(reportId)}`),
  });

/** Where the original bytes of a report are downloaded. */
export const rawReportUrl = (reportId: string) => `/api/v1/tls-reports/${encodeURIComponent(reportId)}/raw`;

export const quarantineQuery = infiniteQueryOptions({
  queryKey: ["quarantine"],
  queryFn: ({ pageParam }) =>
    api.get<QuarantineListView>("/quarantine", { ...(pageParam && { cursor: pageParam }) }),
  initialPageParam: "",
  getNextPageParam: (page) => page.nextCursor,
});

export const reparseMessage = (messageId: string) =>
  api.post<ReparseView>(`/quarantine/${encodeURIComponent(messageId)}/reparse`);

/** Where the original bytes of a quarantined message are downloaded. */
export const rawMessageUrl = (messageId: string) => `/api/v1/quarantine/${encodeURIComponent(messageId)}/raw`;
