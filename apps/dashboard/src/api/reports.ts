import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type {
  FailureClusterListView,
  GroupBy,
  QuarantineListView,
  ReparsedQuarantineView,
  ReparseView,
  ReportListView,
  ReportTrust,
  ReportView,
  SourceDaysView,
  SummaryView,
} from "./contract.ts";
import { inAccount, type Scope } from "./in-account.ts";

/** Reports of one trust, or all of them. */
export type AskedTrust = ReportTrust | "any";

/** UTC days, both included; without a domain: all domains of the account. */
export type ReportRange = {
  from: string;
  to: string;
  domainId?: string | undefined;
  /** Only reports of this trust; "any" like undefined. */
  trust?: AskedTrust | undefined;
};

export type ReportFilter = ReportRange & {
  source?: string | undefined;
  policy?: string | undefined;
  /** With one of these, only failures are counted. */
  result?: string | undefined;
  mx?: string | undefined;
  ip?: string | undefined;
};

export const summaryQuery = (range: ReportFilter, groupBy: GroupBy) =>
  queryOptions({
    queryKey: ["tls-reports", "summary", groupBy, range],
    queryFn: (scope) => inAccount(scope).get<SummaryView>("/tls-reports/summary", { ...range, groupBy }),
    refetchInterval: 30_000,
  });

export const clustersQuery = (filter: ReportFilter) =>
  queryOptions({
    queryKey: ["tls-reports", "clusters", filter],
    queryFn: (scope) => inAccount(scope).get<FailureClusterListView>("/tls-reports/clusters", filter),
  });

/** Which source reported about which day. */
export const sourceDaysQuery = ({ from, to, domainId, trust }: ReportRange) =>
  queryOptions({
    queryKey: ["tls-reports", "sources-by-day", { from, to, domainId, trust }],
    queryFn: (scope) =>
      inAccount(scope).get<SourceDaysView>("/tls-reports/sources-by-day", { from, to, domainId, trust }),
  });

/** The figures of a range are downloaded, with each filter of the page. */
export function exportPath(
  filter: ReportFilter,
  format: "csv" | "json",
  view: "daily" | "failures" | "reports",
): string {
  const asked = Object.entries({ ...filter, format, view }).flatMap(([name, value]) =>
    value ? [[name, value]] : [],
  );
  return `/tls-reports/export?${new URLSearchParams(asked)}`;
}

export const reportListQuery = (filter: ReportFilter) =>
  infiniteQueryOptions({
    queryKey: ["tls-reports", "list", filter],
    queryFn: ({ pageParam, client }) =>
      inAccount({ client }).get<ReportListView>("/tls-reports", {
        ...filter,
        ...(pageParam && { cursor: pageParam }),
      }),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor,
  });

export const reportQuery = (reportId: string) =>
  queryOptions({
    queryKey: ["tls-reports", reportId],
    queryFn: (scope) => inAccount(scope).get<ReportView>(`/tls-reports/${encodeURIComponent(reportId)}`),
  });

/** The original bytes of a report are downloaded. */
export const rawReportPath = (reportId: string) => `/tls-reports/${encodeURIComponent(reportId)}/raw`;

export const quarantineQuery = infiniteQueryOptions({
  queryKey: ["quarantine"],
  queryFn: ({ pageParam, client }) =>
    inAccount({ client }).get<QuarantineListView>("/quarantine", { ...(pageParam && { cursor: pageParam }) }),
  initialPageParam: "",
  getNextPageParam: (page) => page.nextCursor,
});

export const reparseMessage = (messageId: string, scope: Scope) =>
  inAccount(scope).post<ReparseView>(`/quarantine/${encodeURIComponent(messageId)}/reparse`);

/** How far the whole quarantine was read again, all calls together. */
export type ReparseProgress = Omit<ReparsedQuarantineView, "nextCursor">;

/** Small enough that progress moves. */
const STEP_MESSAGES = 10;

/**
 * Reprocesses the whole quarantine, oldest first, step by step, reporting its progress after each; ends early when the signal says so.
 * @throws ApiError when a step failed; what was read before stays read
 */
export async function reparseQuarantine(
  options: {
    onStep: (progress: ReparseProgress) => void;
    signal: AbortSignal;
  },
  scope: Scope,
): Promise<void> {
  const sum: ReparseProgress = { read: 0, processed: 0, duplicate: 0, quarantined: 0, remaining: 0 };
  for (let cursor: string | null | undefined; cursor !== null && !options.signal.aborted; ) {
    const body = { ...(cursor && { cursor }), limit: STEP_MESSAGES };
    const step = await inAccount(scope).post<ReparsedQuarantineView>("/quarantine/reparse", body);
    sum.read += step.read;
    sum.processed += step.processed;
    sum.duplicate += step.duplicate;
    sum.quarantined += step.quarantined;
    sum.remaining = step.remaining;
    options.onStep({ ...sum });
    cursor = step.nextCursor;
  }
}

/** The original bytes of a quarantined message are downloaded. */
export const rawMessagePath = (messageId: string) => `/quarantine/${encodeURIComponent(messageId)}/raw`;
