import type { ReportTransport, ReportTrust } from "@waxseal/db";
import type { Context } from "../src/context.ts";
/** For tests: a stored report of a day of November 2026 about 100 sessions, of which so many failed. */
export async function storeTestReport(
  ctx: Context,
  domainId: string,
  {
    day,
    failed,
    trust = "aligned",
    reporter = "Google Inc.",
    transport = "smtp",
  }: { day: number; failed: number; trust?: ReportTrust; reporter?: string; transport?: ReportTransport },
): Promise<void> {
  const reportDay = new Date(Date.UTC(2026, 10, day));
  const detail = {
    resultType: "certificate-expired",
    knownResultType: true,
    receivingMxHost: null,
    failedSessions: failed,
  };
  const policies = [
    {
      policyType: "sts",
      policyDomain: null,
      policyStrings: [],
      mxHostPatterns: [],
      successfulSessions: 100 - failed,
      failedSessions: failed,
      failureDetails: failed > 0 ? [detail] : [],
    },
  ];
  await ctx.reports.$executeRaw`select ensure_report_partitions('2026-11-01')::text`;
  await ctx.reports.tlsReport.create({
    data: {
      accountId: ctx.accountId,
      reportDay,
      domainId,
      messageId: "00000000-0000-7000-8000-000000000000",
      reporter,
      reportId: `${reporter} ${day} ${trust}`,
      startAt: reportDay,
      endAt: reportDay,
      successfulSessions: 100 - failed,
      failedSessions: failed,
      resultTypes: [],
      trust,
      transport,
      quirks: [],
      identity: `${reporter} ${day} ${trust}`,
      policies,
      receivedAt: ctx.now(),
    },
  });
}
