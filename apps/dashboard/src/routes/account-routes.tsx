import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { readAlertSearch } from "../features/alerts/read-alert-search.ts";
import { readDigestSearch } from "../features/alerts/read-digest-search.ts";
import { readAuditFilter } from "../features/audit/read-audit-filter.ts";
import { readInstructionSearch } from "../features/instructions/read-instruction-search.ts";
import { readPortfolioFilter } from "../features/lists/read-portfolio-filter.ts";
import { readReportSearch } from "../features/reports/read-report-search.ts";
import { NotFoundPage } from "../features/shell/NotFoundPage.tsx";
import { preload } from "../preload-page.ts";
import { app } from "./app-route.tsx";

const home = createRoute({
  getParentRoute: () => app,
  path: "/",
  loader: preload.home,
  component: lazyRouteComponent(() => import("../features/home/HomePage.tsx"), "HomePage"),
});
const customers = createRoute({
  getParentRoute: () => app,
  path: "/customers",
  loader: preload.customers,
  component: lazyRouteComponent(() => import("../features/customers/CustomersPage.tsx"), "CustomersPage"),
});
const portfolio = createRoute({
  getParentRoute: () => app,
  path: "/customers/domains",
  validateSearch: readPortfolioFilter,
  loaderDeps: ({ search }) => search,
  loader: preload.portfolio,
  component: lazyRouteComponent(() => import("../features/lists/PortfolioPage.tsx"), "PortfolioPage"),
});
const customerReports = createRoute({
  getParentRoute: () => app,
  path: "/customers/reports",
  validateSearch: readReportSearch,
  loaderDeps: ({ search }) => search,
  loader: preload.customerReports,
  component: lazyRouteComponent(
    () => import("../features/reports/CustomerReportsPage.tsx"),
    "CustomerReportsPage",
  ),
});
const instructions = createRoute({
  getParentRoute: () => app,
  path: "/instructions",
  validateSearch: readInstructionSearch,
  component: lazyRouteComponent(
    () => import("../features/instructions/InstructionsPage.tsx"),
    "InstructionsPage",
  ),
});
const audit = createRoute({
  getParentRoute: () => app,
  path: "/audit",
  validateSearch: readAuditFilter,
  loaderDeps: ({ search }) => search,
  loader: preload.audit,
  component: lazyRouteComponent(() => import("../features/audit/AuditPage.tsx"), "AuditPage"),
});
const summary = createRoute({
  getParentRoute: () => app,
  path: "/summary",
  validateSearch: readDigestSearch,
  component: lazyRouteComponent(() => import("../features/alerts/DigestPage.tsx"), "DigestPage"),
});
const alerts = createRoute({
  getParentRoute: () => app,
  path: "/alerts",
  validateSearch: readAlertSearch,
  component: lazyRouteComponent(() => import("../features/alerts/AlertsPage.tsx"), "AlertsPage"),
});
const alert = createRoute({
  getParentRoute: () => app,
  path: "/alerts/$incidentId",
  component: lazyRouteComponent(() => import("../features/alerts/AlertPage.tsx"), "AlertPage"),
});

/** Any other address of the account. */
const unknown = createRoute({ getParentRoute: () => app, path: "/$", component: NotFoundPage });

/** The account and its customers. */
export const accountRoutes = [
  home,
  customers,
  customerReports,
  portfolio,
  instructions,
  audit,
  summary,
  alerts,
  alert,
  unknown,
];
