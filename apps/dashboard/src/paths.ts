/** Every address of the dashboard; features link to each other through these only. */
export const paths = {
  signIn: () => "/sign-in",
  signUp: () => "/sign-up",
  checkMail: () => "/check-mail",
  domains: () => "/domains",
  addDomain: () => "/domains/new",
  domain: ({ domainId }: { domainId: string }) => `/domains/${encodeURIComponent(domainId)}`,
  policy: ({ domainId }: { domainId: string }) => `/domains/${encodeURIComponent(domainId)}/policy`,
  domainReports: ({ domainId }: { domainId: string }) => `/domains/${encodeURIComponent(domainId)}/reports`,
  activity: ({ domainId }: { domainId: string }) => `/domains/${encodeURIComponent(domainId)}/activity`,
  turnOff: ({ domainId }: { domainId: string }) => `/domains/${encodeURIComponent(domainId)}/turn-off`,
  reports: () => "/reports",
  reportList: () => "/reports/list",
  report: ({ reportId }: { reportId: string }) => `/reports/${encodeURIComponent(reportId)}`,
  quarantine: () => "/quarantine",
  settings: () => "/settings",
} as const;
