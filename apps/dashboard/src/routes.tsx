import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  parseSearchWith,
  redirect,
  stringifySearchWith,
} from "@tanstack/react-router";
import { meQuery } from "./api/account.ts";
import { CheckMailPage } from "./features/account/CheckMailPage.tsx";
import { SignInPage } from "./features/account/SignInPage.tsx";
import { SignUpPage } from "./features/account/SignUpPage.tsx";
import { readAuditFilter } from "./features/audit/read-audit-filter.ts";
import { readChangeSelection } from "./features/bulk/read-change-selection.ts";
import { AddDomainPage } from "./features/domains/AddDomainPage.tsx";
import { DomainLayout } from "./features/domains/DomainLayout.tsx";
import { DomainSetupPage } from "./features/domains/DomainSetupPage.tsx";
import { readFetchPeriod } from "./features/domains/read-fetch-period.ts";
import { readInstructionSearch } from "./features/instructions/read-instruction-search.ts";
import { readDomainFilter } from "./features/lists/read-domain-filter.ts";
import { readPortfolioFilter } from "./features/lists/read-portfolio-filter.ts";
import { readReportSearch } from "./features/reports/read-report-search.ts";
import { ErrorPage } from "./features/shell/ErrorPage.tsx";
import { NotFoundPage } from "./features/shell/NotFoundPage.tsx";
import { PendingPage } from "./features/shell/PendingPage.tsx";
import { Shell } from "./features/shell/Shell.tsx";
import { paths } from "./paths.ts";
import { preload } from "./preload-page.ts";

type Search = Record<string, unknown>;

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Outlet,
  notFoundComponent: () => (
    <main>
      <NotFoundPage />
    </main>
  ),
});

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  validateSearch: ({ error }: Search) => ({ ...(typeof error === "string" && { error }) }),
  // The link of a verification mail ends here, with `error` when it was too old.
  beforeLoad: ({ search }) => {
    if (search.error) {
      const isOldLink = /TOKEN|EXPIRED/i.test(search.error);
      throw redirect({ to: paths.signIn(), search: { problem: isOldLink ? "link" : "other" } });
    }
    throw redirect({ to: paths.domains() });
  },
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: ({ next, problem }: Search) => ({
    ...(isOwnPath(next) && { next }),
    ...((problem === "link" || problem === "other" || problem === "reset") && { problem }),
  }),
  component: SignInPage,
});
const signInCode = createRoute({
  getParentRoute: () => root,
  path: "/sign-in/code",
  validateSearch: ({ next }: Search) => ({ ...(isOwnPath(next) && { next }) }),
  component: lazyRouteComponent(() => import("./features/account/SignInCodePage.tsx"), "SignInCodePage"),
});
const signInSso = createRoute({
  getParentRoute: () => root,
  path: "/sign-in/sso",
  validateSearch: ({ code, state, iss, error }: Search) => ({
    ...(typeof code === "string" && { code }),
    ...(typeof state === "string" && { state }),
    ...(typeof iss === "string" && { iss }),
    ...(typeof error === "string" && { error }),
  }),
  component: lazyRouteComponent(() => import("./features/account/SsoFinishPage.tsx"), "SsoFinishPage"),
});
const ssoRequired = createRoute({
  getParentRoute: () => root,
  path: "/sso-required",
  beforeLoad: async ({ context }) => {
    const me = await context.queryClient.ensureQueryData(meQuery);
    if (!me) throw redirect({ to: paths.signIn() });
    if (!me.signIn.lacksSso) throw redirect({ to: paths.domains() });
  },
  component: lazyRouteComponent(() => import("./features/account/SsoRequiredPage.tsx"), "SsoRequiredPage"),
});
const twoFactor = createRoute({
  getParentRoute: () => root,
  path: "/two-factor",
  beforeLoad: async ({ context }) => {
    const me = await context.queryClient.ensureQueryData(meQuery);
    if (!me) throw redirect({ to: paths.signIn() });
    if (!me.twoFactor.lacking) throw redirect({ to: paths.domains() });
  },
  component: lazyRouteComponent(() => import("./features/account/TwoFactorPage.tsx"), "TwoFactorPage"),
});
const signUp = createRoute({
  getParentRoute: () => root,
  path: "/sign-up",
  validateSearch: ({ next }: Search) => ({ ...(isOwnPath(next) && { next }) }),
  component: SignUpPage,
});
const checkMail = createRoute({
  getParentRoute: () => root,
  path: "/check-mail",
  validateSearch: ({ email, next }: Search) => ({
    email: typeof email === "string" ? email : "",
    ...(isOwnPath(next) && { next }),
  }),
  component: CheckMailPage,
});

const forgotPassword = createRoute({
  getParentRoute: () => root,
  path: "/forgot-password",
  component: lazyRouteComponent(
    () => import("./features/account/ForgotPasswordPage.tsx"),
    "ForgotPasswordPage",
  ),
});
const resetPassword = createRoute({
  getParentRoute: () => root,
  path: "/reset-password",
  validateSearch: ({ token }: Search) => ({ token: typeof token === "string" ? token : "" }),
  component: lazyRouteComponent(
    () => import("./features/account/ResetPasswordPage.tsx"),
    "ResetPasswordPage",
  ),
});
const invitation = createRoute({
  getParentRoute: () => root,
  path: "/invitations/$invitationId",
  beforeLoad: async ({ context, location }) => {
    const me = await context.queryClient.ensureQueryData(meQuery);
    if (!me) throw redirect({ to: paths.signIn(), search: { next: location.href } });
  },
  component: lazyRouteComponent(() => import("./features/account/InvitationPage.tsx"), "InvitationPage"),
});
const checkPage = () => import("./features/check/CheckPage.tsx");
const sharedSetup = createRoute({
  getParentRoute: () => root,
  path: "/setup/$shareToken",
  component: lazyRouteComponent(() => import("./features/domains/SharedSetupPage.tsx"), "SharedSetupPage"),
});
const sharedInstructions = createRoute({
  getParentRoute: () => root,
  path: "/instructions/$sheetToken",
  component: lazyRouteComponent(
    () => import("./features/instructions/SharedInstructionsPage.tsx"),
    "SharedInstructionsPage",
  ),
});
const check = createRoute({
  getParentRoute: () => root,
  path: "/check",
  component: lazyRouteComponent(checkPage, "CheckPage"),
});
const checked = createRoute({
  getParentRoute: () => root,
  path: "/check/$domain",
  component: lazyRouteComponent(checkPage, "CheckPage"),
});

const app = createRoute({
  getParentRoute: () => root,
  id: "app",
  beforeLoad: async ({ context, location }) => {
    const me = await context.queryClient.ensureQueryData(meQuery);
    if (!me) throw redirect({ to: paths.signIn(), search: { next: location.href } });
    if (me.signIn.lacksSso) throw redirect({ to: paths.ssoRequired() });
    if (me.twoFactor.lacking) throw redirect({ to: paths.twoFactor() });
  },
  component: Shell,
});

const domains = createRoute({
  getParentRoute: () => app,
  path: "/domains",
  validateSearch: readDomainFilter,
  loaderDeps: ({ search }) => search,
  loader: preload.domains,
  component: lazyRouteComponent(() => import("./features/lists/DomainListPage.tsx"), "DomainListPage"),
});
const addDomain = createRoute({ getParentRoute: () => app, path: "/domains/new", component: AddDomainPage });
const addDomains = createRoute({
  getParentRoute: () => app,
  path: "/domains/add-many",
  component: lazyRouteComponent(() => import("./features/bulk/BulkAddPage.tsx"), "BulkAddPage"),
});
const domain = createRoute({
  getParentRoute: () => app,
  path: "/domains/$domainId",
  loader: preload.domain,
  component: DomainLayout,
});
const domainSetup = createRoute({ getParentRoute: () => domain, path: "/", component: DomainSetupPage });
const domainPolicy = createRoute({
  getParentRoute: () => domain,
  path: "/policy",
  loader: preload.policy,
  component: lazyRouteComponent(() => import("./features/policies/PolicyPage.tsx"), "PolicyPage"),
});
const domainReports = createRoute({
  getParentRoute: () => domain,
  path: "/reports",
  validateSearch: readReportSearch,
  loaderDeps: ({ search }) => search,
  loader: preload.domainReports,
  component: lazyRouteComponent(
    () => import("./features/reports/DomainReportsPage.tsx"),
    "DomainReportsPage",
  ),
});
const domainFetches = createRoute({
  getParentRoute: () => domain,
  path: "/fetches",
  validateSearch: readFetchPeriod,
  loaderDeps: ({ search }) => search,
  loader: preload.fetches,
  component: lazyRouteComponent(() => import("./features/domains/FetchesPage.tsx"), "FetchesPage"),
});
const domainActivity = createRoute({
  getParentRoute: () => domain,
  path: "/activity",
  loader: preload.activity,
  component: lazyRouteComponent(() => import("./features/domains/ActivityPage.tsx"), "ActivityPage"),
});
const domainTurnOff = createRoute({
  getParentRoute: () => domain,
  path: "/turn-off",
  component: lazyRouteComponent(() => import("./features/domains/TurnOffPage.tsx"), "TurnOffPage"),
});

const reports = createRoute({
  getParentRoute: () => app,
  path: "/reports",
  validateSearch: readReportSearch,
  loaderDeps: ({ search }) => search,
  loader: preload.reports,
  component: lazyRouteComponent(() => import("./features/reports/ReportsPage.tsx"), "ReportsPage"),
});
const reportList = createRoute({
  getParentRoute: () => app,
  path: "/reports/list",
  validateSearch: readReportSearch,
  loaderDeps: ({ search }) => search,
  loader: preload.reportList,
  component: lazyRouteComponent(() => import("./features/reports/ReportListPage.tsx"), "ReportListPage"),
});
const report = createRoute({
  getParentRoute: () => app,
  path: "/reports/$reportId",
  loader: preload.report,
  component: lazyRouteComponent(() => import("./features/reports/ReportPage.tsx"), "ReportPage"),
});
const quarantine = createRoute({
  getParentRoute: () => app,
  path: "/quarantine",
  loader: preload.quarantine,
  component: lazyRouteComponent(() => import("./features/reports/QuarantinePage.tsx"), "QuarantinePage"),
});
const customers = createRoute({
  getParentRoute: () => app,
  path: "/customers",
  loader: preload.customers,
  component: lazyRouteComponent(() => import("./features/customers/CustomersPage.tsx"), "CustomersPage"),
});
const portfolio = createRoute({
  getParentRoute: () => app,
  path: "/customers/domains",
  validateSearch: readPortfolioFilter,
  loaderDeps: ({ search }) => search,
  loader: preload.portfolio,
  component: lazyRouteComponent(() => import("./features/lists/PortfolioPage.tsx"), "PortfolioPage"),
});
const policyChanges = createRoute({
  getParentRoute: () => app,
  path: "/policy-changes",
  component: lazyRouteComponent(() => import("./features/bulk/PolicyChangesPage.tsx"), "PolicyChangesPage"),
});
const newPolicyChange = createRoute({
  getParentRoute: () => app,
  path: "/policy-changes/new",
  validateSearch: readChangeSelection,
  component: lazyRouteComponent(
    () => import("./features/bulk/NewPolicyChangePage.tsx"),
    "NewPolicyChangePage",
  ),
});
const policyChange = createRoute({
  getParentRoute: () => app,
  path: "/policy-changes/$changeId",
  component: lazyRouteComponent(() => import("./features/bulk/PolicyChangePage.tsx"), "PolicyChangePage"),
});
const instructions = createRoute({
  getParentRoute: () => app,
  path: "/instructions",
  validateSearch: readInstructionSearch,
  component: lazyRouteComponent(
    () => import("./features/instructions/InstructionsPage.tsx"),
    "InstructionsPage",
  ),
});
const settings = createRoute({
  getParentRoute: () => app,
  path: "/settings",
  loader: preload.settings,
  component: lazyRouteComponent(() => import("./features/account/SettingsPage.tsx"), "SettingsPage"),
});

const audit = createRoute({
  getParentRoute: () => app,
  path: "/audit",
  validateSearch: readAuditFilter,
  loaderDeps: ({ search }) => search,
  loader: preload.audit,
  component: lazyRouteComponent(() => import("./features/audit/AuditPage.tsx"), "AuditPage"),
});

const routeTree = root.addChildren([
  home,
  signIn,
  signInCode,
  signInSso,
  ssoRequired,
  twoFactor,
  signUp,
  checkMail,
  forgotPassword,
  resetPassword,
  invitation,
  sharedSetup,
  sharedInstructions,
  check,
  checked,
  app.addChildren([
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
    reports,
    reportList,
    report,
    quarantine,
    customers,
    portfolio,
    policyChanges,
    newPolicyChange,
    policyChange,
    instructions,
    settings,
    audit,
  ]),
]);

export function createAppRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    defaultPreload: "intent",
    defaultPendingComponent: PendingPage,
    defaultErrorComponent: ErrorPage,
    defaultNotFoundComponent: NotFoundPage,
    scrollRestoration: true,
    // Plain words in the address bar: ?from=2026-01-01, never %22-quoted JSON.
    parseSearch: parseSearchWith((text) => text),
    stringifySearch: stringifySearchWith(String),
  });
}

/** Only a path of this site may be returned to after signing in. */
function isOwnPath(next: unknown): next is string {
  return typeof next === "string" && /^\/(?![/\\])/.test(next);
}
