import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { readMonthlyReportSearch } from "../api/monthly-report.ts";
import { readMxTestSearch } from "../features/reports/read-mx-search.ts";
import { readReportSearch } from "../features/reports/read-report-search.ts";
import { preload } from "../preload-page.ts";
import { app } from "./app-route.tsx";

const reports = createRoute({
  getParentRoute: () => app,
  path: "/reports",
  validateSearch: readReportSearch,
  loaderDeps: ({ search }) => search,
  loader: preload.reports,
  component: lazyRouteComponent(() => import("../features/reports/ReportsPage.tsx"), "ReportsPage"),
});
const reportList = createRoute({
  getParentRoute: () => app,
  path: "/reports/list",
  validateSearch: readReportSearch,
  loaderDeps: ({ search }) => search,
  loader: preload.reportList,
  component: lazyRouteComponent(() => import("../features/reports/ReportListPage.tsx"), "ReportListPage"),
});
const mxTest = createRoute({
  getParentRoute: () => app,
  path: "/reports/mx-test",
  validateSearch: readMxTestSearch,
  component: lazyRouteComponent(() => import("../features/reports/MxTestPage.tsx"), "MxTestPage"),
});
const report = createRoute({
  getParentRoute: () => app,
  path: "/reports/$reportId",
  validateSearch: readReportSearch,
  loader: preload.report,
  component: lazyRouteComponent(() => import("../features/reports/ReportPage.tsx"), "ReportPage"),
});
const monthlyReport = createRoute({
  getParentRoute: () => app,
  path: "/monthly-report",
  validateSearch: readMonthlyReportSearch,
  component: lazyRouteComponent(
    () => import("../features/reports/MonthlyReportPage.tsx"),
    "MonthlyReportPage",
  ),
});
const quarantine = createRoute({
  getParentRoute: () => app,
  path: "/quarantine",
  loader: preload.quarantine,
  component: lazyRouteComponent(() => import("../features/reports/QuarantinePage.tsx"), "QuarantinePage"),
});

/** What senders report. */
export const reportRoutes = [reports, reportList, mxTest, report, monthlyReport, quarantine];
