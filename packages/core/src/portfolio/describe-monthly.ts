import type { MonthlyReportView } from "@waxseal/contract";
import { formatDay } from "@waxseal/contract/format-instant";
import { formatMonth } from "@waxseal/contract/monthly-words";
import type { z } from "zod";

type View = z.infer<typeof MonthlyReportView>;

/** Formats a share between 0 and 1. Only all of them are 100%: 99.96% stays 99.9%. */
export function formatShare(share: number | null): string {
  if (share === null) return "–";
  return share === 1 ? "100%" : `${(Math.floor(share * 1_000) / 10).toFixed(1)}%`;
}

/** What a report is about in one line: "Example: 99.2% of connections were successful in November 2026". */
export function monthlyTitle({ about, month, totals }: Pick<View, "about" | "month" | "totals">): string {
  const verdict =
    totals.successShare === null
      ? `no report came in ${formatMonth(month)}`
      : `${formatShare(totals.successShare)} of connections were successful in ${formatMonth(month)}`;
  return `${about.name}: ${verdict}`;
}

/** How many connections failed, where, who reported it, when, and whether it is over. */
export function describeMonthlyFailure(failure: View["failures"][number]): string {
  const { failedSessions, share, domains, reporters, firstDay, lastDay, status } = failure;
  const days = firstDay === lastDay ? formatDay(firstDay) : `${formatDay(firstDay)} to ${formatDay(lastDay)}`;
  const count = `${failedSessions.toLocaleString("en-US")} ${failedSessions === 1 ? "connection" : "connections"}`;
  const state = status.state === "over" ? "Over" : "Continuing";
  return `${count} (${formatShare(share)}) of ${domains.join(", ")}, reported by ${reporters.slice(0, 3).join(", ")}. ${days}. ${state}.`;
}

/** Which reports the figures come from, and which were left out. */
export function describeEvidence({ evidence }: Pick<View, "evidence">): string {
  const { reports, unprovenReports: left } = evidence;
  const without =
    left === 0
      ? "No report was left out."
      : `${left.toLocaleString("en-US")} ${left === 1 ? "report" : "reports"} without such a signature ${left === 1 ? "is" : "are"} left out.`;
  return `${reports.toLocaleString("en-US")} ${reports === 1 ? "TLS report" : "TLS reports"} (RFC 8460), each signed by the organisation that sent it. ${without} Senders that delivered no mail send no report.`;
}
