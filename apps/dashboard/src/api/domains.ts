import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { compareNames } from "@waxseal/contract/compare-names";
import type {
  AlertExplanationView,
  DomainListView,
  DomainStatus,
  DomainSurveyView,
  DomainView,
  EventListView,
  FetchSummaryView,
  HealthFilter,
  MxListView,
  PolicyAssessmentView,
  PolicyBody,
  PolicyVersionListView,
  PolicyVersionView,
  SandboxFault,
  SandboxLogView,
  ServedPolicyView,
} from "./contract.ts";
import { inAccount, type Scope } from "./in-account.ts";
import { isLive, useLive } from "./live.ts";

const SETTLING_POLL_MS = 2_000;
const QUIET_POLL_MS = 30_000;
const LIST_PAGE_ROWS = 200;
const SURVEY_STALE_MS = 60_000;

export type DomainFilter = {
  q?: string | undefined;
  health?: HealthFilter | undefined;
  status?: DomainStatus | undefined;
  tag?: string | undefined;
};

export const domainListQuery = (filter: DomainFilter) =>
  infiniteQueryOptions({
    queryKey: ["domains", "list", filter],
    queryFn: ({ pageParam, client }) =>
      inAccount({ client }).get<DomainListView>("/domains", {
        ...filter,
        limit: LIST_PAGE_ROWS,
        ...(pageParam && { cursor: pageParam }),
      }),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor,
    // Reading all pages of a long list again every time would cost more than it is worth.
    refetchInterval: ({ state }) => (state.data && state.data.pages.length > 2 ? false : QUIET_POLL_MS),
  });

/** Every domain's id and name, by name, for filters; at most 500. */
export const domainNamesQuery = queryOptions({
  queryKey: ["domains", "names"],
  staleTime: 60_000,
  queryFn: (scope) => inAccount(scope).get<DomainListView>("/domains", { limit: 500 }),
  select: ({ items }) => ({ items: items.toSorted((a, b) => compareNames(a.domain, b.domain)) }),
});

export const domainQuery = (domainId: string) =>
  queryOptions({
    queryKey: ["domains", domainId],
    queryFn: (scope) => inAccount(scope).get<DomainView>(path(domainId)),
    refetchInterval: ({ state }) =>
      isSettling(state.data) && !isLive(path(domainId)) ? SETTLING_POLL_MS : QUIET_POLL_MS,
  });

/** Reads everything about a domain again as soon as it changes, while the page is open. */
export function useLiveDomain(domainId: string): void {
  useLive(path(domainId), ["domains", domainId]);
}

export const policyVersionsQuery = (domainId: string) =>
  queryOptions({
    queryKey: ["domains", domainId, "versions"],
    queryFn: (scope) => inAccount(scope).list<PolicyVersionListView>(path(domainId, "/policy/versions")),
  });

/** The policy as a sender gets it right now. */
export const servedPolicyQuery = (domainId: string) =>
  queryOptions({
    queryKey: ["domains", domainId, "served"],
    queryFn: (scope) => inAccount(scope).get<ServedPolicyView>(path(domainId, "/served")),
    refetchInterval: QUIET_POLL_MS,
    retry: false,
  });

/** What the domain has in DNS today, looked up when asked. */
export const surveyQuery = (domainId: string) =>
  queryOptions({
    queryKey: ["surveys", domainId],
    queryFn: (scope) => inAccount(scope).get<DomainSurveyView>(path(domainId, "/survey")),
    staleTime: SURVEY_STALE_MS,
  });

/** What is watched, and why it is or is not an alert. */
export const conditionsQuery = (domainId: string) =>
  queryOptions({
    queryKey: ["domains", domainId, "conditions"],
    queryFn: (scope) =>
      inAccount(scope).get<AlertExplanationView>(`/domains/${encodeURIComponent(domainId)}/conditions`),
  });

/** The mail hosts with what reports say of them. */
export const mxListQuery = (domainId: string) =>
  queryOptions({
    queryKey: ["domains", domainId, "mx"],
    queryFn: (scope) => inAccount(scope).get<MxListView>(path(domainId, "/mx")),
  });

/** Who fetched the policy in the last hours. */
export const fetchesQuery = (domainId: string, hours: number) =>
  queryOptions({
    queryKey: ["domains", domainId, "fetches", hours],
    queryFn: (scope) => inAccount(scope).get<FetchSummaryView>(path(domainId, "/fetches"), { hours }),
    refetchInterval: QUIET_POLL_MS,
  });

export const domainEventsQuery = (domainId: string) =>
  infiniteQueryOptions({
    queryKey: ["domains", domainId, "events"],
    queryFn: ({ pageParam, client }) =>
      inAccount({ client }).get<EventListView>(path(domainId, "/events"), {
        ...(pageParam && { cursor: pageParam }),
      }),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor,
  });

/** With `ask`, refused with `confirm_needed` when it is probably a mistake. */
export const addDomain = (domain: string, ask: boolean, scope: Scope) =>
  inAccount(scope).post<DomainView>("/domains", { domain, ask });

export const checkDomain = (domainId: string, scope: Scope) =>
  inAccount(scope).post<DomainView>(path(domainId, "/check"));

export const leaveDomain = (domainId: string, scope: Scope) =>
  inAccount(scope).post<DomainView>(path(domainId, "/leave"));

/** Turns MTA-STS on again while it is being turned off. */
export const restoreDomain = (domainId: string, scope: Scope) =>
  inAccount(scope).post<DomainView>(path(domainId, "/restore"));

/** Deletes a domain that was never served, or that has left. */
export const removeDomain = (domainId: string, scope: Scope) => inAccount(scope).delete(path(domainId));

export const setPolicy = (domainId: string, policy: PolicyBody, scope: Scope) =>
  inAccount(scope).put<PolicyVersionView>(path(domainId, "/policy"), policy);

/** Publishes an older version again. */
export const restorePolicyVersion = (
  domainId: string,
  version: number,
  consent: Pick<PolicyBody, "acknowledge" | "confirmDomain" | "assessmentId">,
  scope: Scope,
) => inAccount(scope).post<PolicyVersionView>(path(domainId, `/policy/versions/${version}/restore`), consent);

type Policy = Pick<PolicyBody, "mode" | "mx" | "maxAgeSeconds">;

/** Looks whether mail would be held back by a policy. Takes seconds: mail hosts are tested. */
export const policyAssessmentQuery = (domainId: string, policy: Policy) =>
  queryOptions({
    queryKey: ["policy-assessments", domainId, policy],
    queryFn: ({ client }) =>
      inAccount({ client }).post<PolicyAssessmentView>(path(domainId, "/policy/assess"), policy),
    // The answer is outdated by the next time it is needed.
    gcTime: 0,
    staleTime: 0,
    refetchOnWindowFocus: false,
    retry: false,
  });

/** Publishes the three CNAMEs in the sandbox's DNS. Only where the sandbox runs. */
export const publishInSandbox = (domainId: string, scope: Scope) =>
  inAccount(scope).post<SandboxLogView>("/sandbox/publish", { domainId });

/** Lets the sandbox's sender deliver mail to the domain and report about it. Only where the sandbox runs. */
export const deliverInSandbox = (domainId: string, scope: Scope) =>
  inAccount(scope).post<SandboxLogView>("/sandbox/deliver", { domainId });

/** Breaks or repairs something of a domain in the sandbox. */
export const breakInSandbox = (body: { domainId: string; fault: SandboxFault }, scope: Scope) =>
  inAccount(scope).post<SandboxLogView>("/sandbox/faults", body);

/** Whether something about a domain is expected to change within seconds. */
export function isSettling(domain: DomainView | undefined): boolean {
  return domain?.status === "pending" || domain?.policy?.state === "publishing";
}

function path(domainId: string, rest = ""): string {
  return `/domains/${encodeURIComponent(domainId)}${rest}`;
}
