import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { readChangeSelection } from "../features/bulk/read-change-selection.ts";
import { readFetchPeriod } from "../features/domains/read-fetch-period.ts";
import { readDomainFilter } from "../features/lists/read-domain-filter.ts";
import { readReportSearch } from "../features/reports/read-report-search.ts";
import { preload } from "../preload-page.ts";
import { app } from "./app-route.tsx";

const domains = createRoute({
  getParentRoute: () => app,
  path: "/domains",
  validateSearch: readDomainFilter,
  loaderDeps: ({ search }) => search,
  loader: preload.domains,
  component: lazyRouteComponent(() => import("../features/lists/DomainListPage.tsx"), "DomainListPage"),
});
const addDomain = createRoute({
  getParentRoute: () => app,
  path: "/domains/new",
  component: lazyRouteComponent(() => import("../features/domains/AddDomainPage.tsx"), "AddDomainPage"),
});
const addDomains = createRoute({
  getParentRoute: () => app,
  path: "/domains/add-many",
  component: lazyRouteComponent(() => import("../features/bulk/BulkAddPage.tsx"), "BulkAddPage"),
});
const domain = createRoute({
  getParentRoute: () => app,
  path: "/domains/$domainId",
  loader: preload.domain,
  component: lazyRouteComponent(() => import("../features/domains/DomainLayout.tsx"), "DomainLayout"),
});
const domainSetup = createRoute({
  getParentRoute: () => domain,
  path: "/",
  component: lazyRouteComponent(() => import("../features/domains/DomainSetupPage.tsx"), "DomainSetupPage"),
});
const domainPolicy = createRoute({
  getParentRoute: () => domain,
  path: "/policy",
  loader: preload.policy,
  component: lazyRouteComponent(() => import("../features/policies/PolicyPage.tsx"), "PolicyPage"),
});
const domainReports = createRoute({
  getParentRoute: () => domain,
  path: "/reports",
  validateSearch: readReportSearch,
  loaderDeps: ({ search }) => search,
  loader: preload.domainReports,
  component: lazyRouteComponent(
    () => import("../features/reports/DomainReportsPage.tsx"),
    "DomainReportsPage",
  ),
});
const domainFetches = createRoute({
  getParentRoute: () => domain,
  path: "/fetches",
  validateSearch: readFetchPeriod,
  loaderDeps: ({ search }) => search,
  loader: preload.fetches,
  component: lazyRouteComponent(() => import("../features/domains/FetchesPage.tsx"), "FetchesPage"),
});
const domainActivity = createRoute({
  getParentRoute: () => domain,
  path: "/activity",
  loader: preload.activity,
  component: lazyRouteComponent(() => import("../features/domains/ActivityPage.tsx"), "ActivityPage"),
});
const domainTurnOff = createRoute({
  getParentRoute: () => domain,
  path: "/turn-off",
  component: lazyRouteComponent(() => import("../features/domains/TurnOffPage.tsx"), "TurnOffPage"),
});
const policyChanges = createRoute({
  getParentRoute: () => app,
  path: "/policy-changes",
  component: lazyRouteComponent(() => import("../features/bulk/PolicyChangesPage.tsx"), "PolicyChangesPage"),
});
const newPolicyChange = createRoute({
  getParentRoute: () => app,
  path: "/policy-changes/new",
  validateSearch: readChangeSelection,
  component: lazyRouteComponent(
    () => import("../features/bulk/NewPolicyChangePage.tsx"),
    "NewPolicyChangePage",
  ),
});
const policyChange = createRoute({
  getParentRoute: () => app,
  path: "/policy-changes/$changeId",
  component: lazyRouteComponent(() => import("../features/bulk/PolicyChangePage.tsx"), "PolicyChangePage"),
});

/** One domain, and many. */
export const domainRoutes = [
  domains,
  addDomain,
  addDomains,
  domain.addChildren([
    domainSetup,
    domainPolicy,
    domainReports,
    domainFetches,
    domainActivity,
    domainTurnOff,
  ]),
  policyChanges,
  newPolicyChange,
  policyChange,
];
