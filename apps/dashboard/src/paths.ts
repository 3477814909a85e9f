/**
 * Every address of the dashboard; features link to each other through these only.
 *
 * `$account` is filled in by the router: with the account of the page that holds the link, or with another one that the link names in its
 * `params`. A page outside of any account links to `home`, which leads to the account one starts in.
 */
export const paths = {
  home: () => "/",
  signIn: () => "/sign-in",
  signInCode: () => "/sign-in/code",
  signInSso: () => "/sign-in/sso",
  ssoRequired: () => "/a/$account/sso-required",
  twoFactor: () => "/a/$account/two-factor",
  noAccount: () => "/no-account",
  signUp: () => "/sign-up",
  checkMail: () => "/check-mail",
  confirmEmail: () => "/confirm-email",
  device: () => "/device",
  forgotPassword: () => "/forgot-password",
  resetPassword: () => "/reset-password",
  invitation: ({ invitationToken }: { invitationToken: string }) =>
    `/invitations/${encodeURIComponent(invitationToken)}`,
  check: () => "/check",
  checked: ({ domain }: { domain: string }) => `/check/${encodeURIComponent(domain)}`,
  help: () => "/help",
  helpPage: ({ page }: { page: string }) => `/help/${encodeURIComponent(page)}`,
  setup: ({ shareToken }: { shareToken: string }) => `/setup/${encodeURIComponent(shareToken)}`,
  overview: () => "/a/$account",
  domains: () => "/a/$account/domains",
  addDomain: () => "/a/$account/domains/new",
  addDomains: () => "/a/$account/domains/add-many",
  domain: ({ domainId }: { domainId: string }) => `/a/$account/domains/${encodeURIComponent(domainId)}`,
  policy: ({ domainId }: { domainId: string }) =>
    `/a/$account/domains/${encodeURIComponent(domainId)}/policy`,
  domainReports: ({ domainId }: { domainId: string }) =>
    `/a/$account/domains/${encodeURIComponent(domainId)}/reports`,
  fetches: ({ domainId }: { domainId: string }) =>
    `/a/$account/domains/${encodeURIComponent(domainId)}/fetches`,
  activity: ({ domainId }: { domainId: string }) =>
    `/a/$account/domains/${encodeURIComponent(domainId)}/activity`,
  turnOff: ({ domainId }: { domainId: string }) =>
    `/a/$account/domains/${encodeURIComponent(domainId)}/turn-off`,
  reports: () => "/a/$account/reports",
  reportList: () => "/a/$account/reports/list",
  mxTest: () => "/a/$account/reports/mx-test",
  report: ({ reportId }: { reportId: string }) => `/a/$account/reports/${encodeURIComponent(reportId)}`,
  monthlyReport: () => "/a/$account/monthly-report",
  quarantine: () => "/a/$account/quarantine",
  policyChanges: () => "/a/$account/policy-changes",
  newPolicyChange: () => "/a/$account/policy-changes/new",
  policyChange: ({ changeId }: { changeId: string }) =>
    `/a/$account/policy-changes/${encodeURIComponent(changeId)}`,
  instructions: () => "/a/$account/instructions",
  sharedInstructions: ({ sheetToken }: { sheetToken: string }) =>
    `/instructions/${encodeURIComponent(sheetToken)}`,
  customers: () => "/a/$account/customers",
  portfolio: () => "/a/$account/customers/domains",
  customerReports: () => "/a/$account/customers/reports",
  settings: () => "/a/$account/settings",
  summary: () => "/a/$account/summary",
  profile: () => "/a/$account/settings/profile",
  security: () => "/a/$account/settings/security",
  accountSettings: () => "/a/$account/settings/account",
  branding: () => "/a/$account/settings/branding",
  members: () => "/a/$account/settings/members",
  notifications: () => "/a/$account/settings/notifications",
  apiKeys: () => "/a/$account/settings/api",
  dataSettings: () => "/a/$account/settings/data",
  alerts: () => "/a/$account/alerts",
  alert: ({ incidentId }: { incidentId: string }) => `/a/$account/alerts/${encodeURIComponent(incidentId)}`,
  audit: () => "/a/$account/audit",
} as const;
