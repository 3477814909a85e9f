import type { QueryClient } from "@tanstack/react-query";
import { apiKeysQuery, invitationsQuery, membersQuery } from "./api/account.ts";
import { type EventFilter, eventsQuery } from "./api/audit-log.ts";
import { closingQuery } from "./api/closing.ts";
import {
  customerReportsQuery,
  customersQuery,
  type PortfolioFilter,
  portfolioQuery,
} from "./api/customers.ts";
import {
  type DomainFilter,
  domainEventsQuery,
  domainListQuery,
  domainQuery,
  fetchesQuery,
  policyVersionsQuery,
} from "./api/domains.ts";
import { homeQuery } from "./api/home.ts";
import { passkeysQuery } from "./api/passkeys.ts";
import { reportMarksQuery } from "./api/report-marks.ts";
import {
  clustersQuery,
  quarantineQuery,
  type ReportFilter,
  reportListQuery,
  reportQuery,
  sourceDaysQuery,
  summaryQuery,
} from "./api/reports.ts";
import { retentionQuery } from "./api/retention.ts";
import { sessionsQuery } from "./api/sessions.ts";
import { loadCharts } from "./charts/load-charts.ts";
import { FETCH_PERIODS, type FetchPeriod } from "./features/domains/read-fetch-period.ts";
import { periodBefore } from "./features/reports/compare-periods.ts";
import {
  filterOf,
  type ReportSearch,
  type ReportTab,
  rangeOf,
  readReportSearch,
  shownTrust,
} from "./features/reports/read-report-search.ts";

import { sourceOf } from "./features/reports/report-words.ts";

type Visit<Params = unknown, Deps = unknown> = {
  context: { queryClient: QueryClient };
  params: Params;
  deps: Deps;
};

/** Longer than a quick answer takes, shorter than a person notices. */
const PATIENCE_MS = 300;

/**
 * What each page reads, asked for while its code is still on its way. A page whose answers come at once is shown complete; for
 * slower ones it shows where they will be. The page itself reports a failure.
 */
export const preload = {
  home: ({ context: { queryClient: client } }: Visit) => soon(client.ensureQueryData(homeQuery)),
  domains: ({ context: { queryClient: client }, deps }: Visit<unknown, DomainFilter>) =>
    soon(client.ensureInfiniteQueryData(domainListQuery(deps))),
  domain: ({ context: { queryClient: client }, params }: Visit<{ domainId: string }>) =>
    soon(client.ensureQueryData(domainQuery(params.domainId))),
  policy: ({ context: { queryClient: client }, params }: Visit<{ domainId: string }>) =>
    soon(client.ensureQueryData(policyVersionsQuery(params.domainId))),
  fetches: ({
    context: { queryClient: client },
    params,
    deps: { period = "day" },
  }: Visit<{ domainId: string }, { period?: FetchPeriod }>) =>
    soon(client.ensureQueryData(fetchesQuery(params.domainId, FETCH_PERIODS[period]))),
  activity: ({ context: { queryClient: client }, params }: Visit<{ domainId: string }>) =>
    soon(client.ensureInfiniteQueryData(domainEventsQuery(params.domainId))),
  reports: ({ context: { queryClient: client }, deps }: Visit<unknown, ReportSearch>) =>
    soon(readSummaries(client, readReportSearch(deps))),
  domainReports: ({
    context: { queryClient: client },
    params: { domainId },
    deps,
  }: Visit<{ domainId: string }, ReportSearch>) =>
    soon(readSummaries(client, readReportSearch({ ...deps, domainId }))),
  customerReports: ({ context: { queryClient: client }, deps }: Visit<unknown, ReportSearch>) =>
    soon(client.ensureQueryData(customerReportsQuery(rangeOf(readReportSearch(deps), new Date())))),
  reportList: ({ context: { queryClient: client }, deps }: Visit<unknown, ReportSearch>) => {
    const filter = filterOf(readReportSearch(deps), new Date());
    const isNarrow = filter.source || filter.mx || filter.from === filter.to;
    return soon(
      client.ensureInfiniteQueryData(reportListQuery(filter)),
      ...(isNarrow ? [client.ensureQueryData(clustersQuery(filter))] : []),
    );
  },
  report: ({ context: { queryClient: client }, params }: Visit<{ reportId: string }>) =>
    soon(
      client.ensureQueryData(reportQuery(params.reportId)).then((report) => {
        const { failedSessions, reportDay, domainId, trust } = report;
        const filter = { from: reportDay, to: reportDay, domainId, trust, source: sourceOf(report) };
        return failedSessions > 0 ? client.ensureQueryData(clustersQuery(filter)) : undefined;
      }),
    ),
  quarantine: ({ context: { queryClient: client } }: Visit) =>
    soon(client.ensureInfiniteQueryData(quarantineQuery)),
  customers: ({ context: { queryClient: client } }: Visit) =>
    soon(client.ensureQueryData(customersQuery(""))),
  portfolio: ({ context: { queryClient: client }, deps }: Visit<unknown, PortfolioFilter>) =>
    soon(client.ensureInfiniteQueryData(portfolioQuery(deps))),
  security: ({ context: { queryClient: client } }: Visit) =>
    soon(client.ensureQueryData(sessionsQuery), client.ensureQueryData(passkeysQuery)),
  accountSettings: ({ context: { queryClient: client } }: Visit) =>
    soon(client.ensureQueryData(membersQuery), client.ensureQueryData(closingQuery)),
  members: ({ context: { queryClient: client } }: Visit) =>
    soon(client.ensureQueryData(membersQuery), client.ensureQueryData(invitationsQuery)),
  apiKeys: ({ context: { queryClient: client } }: Visit) => soon(client.ensureQueryData(apiKeysQuery)),
  dataSettings: ({ context: { queryClient: client } }: Visit) => soon(client.ensureQueryData(retentionQuery)),
  audit: ({ context: { queryClient: client }, deps }: Visit<unknown, EventFilter>) =>
    soon(client.ensureInfiniteQueryData(eventsQuery(deps))),
};

async function readSummaries(client: QueryClient, search: ReportSearch): Promise<void> {
  const asked = { ...filterOf(search, new Date()), trust: search.trust ?? "aligned" };
  const tab = search.tab ?? "result";
  await Promise.allSettled([readFigures(client, asked, tab), loadCharts()]);
  const { totals } = await client.ensureQueryData(summaryQuery(asked, "day"));
  const trust = shownTrust(search, totals.byTrust);
  if (trust !== asked.trust) await readFigures(client, { ...asked, trust }, tab);
}

function readFigures(client: QueryClient, range: ReportFilter, tab: ReportTab): Promise<unknown> {
  const { from, to, ...filter } = range;
  return Promise.allSettled([
    client.ensureQueryData(summaryQuery(range, "day")),
    client.ensureQueryData(summaryQuery(range, tab)),
    client.ensureQueryData(sourceDaysQuery(range)),
    client.ensureQueryData(reportMarksQuery({ from, to, domainId: range.domainId })),
    client.ensureQueryData(clustersQuery(range)),
    client.ensureQueryData(summaryQuery({ ...periodBefore({ from, to }), ...filter }, "day")),
  ]);
}

/** Waits for all of them, but not for long; what fails is requested again by the component that shows it. */
async function soon(...readings: Promise<unknown>[]): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS);
  });
  await Promise.race([Promise.allSettled(readings), patience]);
  clearTimeout(timer);
}
