import type { SummaryRow, SummaryView } from "../../api/contract.ts";
import type { AskedTrust } from "../../api/reports.ts";
import { formatCountOf, formatShare } from "../../format/counts.ts";
import type { Column } from "../../ui/Table.tsx";

type ByTrust = SummaryView["totals"]["byTrust"];

/** Which reports the figures of a panel count, in one short sentence. */
const COUNTED_REPORTS = {
  aligned: "Proven reports only.",
  any: "All reports, proven or not.",
  signed: "Only reports signed by another domain.",
  unsigned: "Only unsigned reports.",
} satisfies Record<AskedTrust, string>;

/** The sentence under a panel's title: what it shows and which reports it counts. */
export function panelHint(hint: string, trust: AskedTrust = "any"): string {
  return `${hint} ${COUNTED_REPORTS[trust]}`;
}

/** How much of a page of figures is proven, in words, and the other choice there is. RFC 8460 §5.3 */
export function describeProven(
  shown: AskedTrust,
  byTrust: ByTrust,
): { tone: "idle" | "notice"; sentence: string; other?: { trust: AskedTrust; label: string } } {
  const { aligned, signed, unsigned } = byTrust;
  const unprovenReports = signed.reports + unsigned.reports;
  const unproven = sessionsOf(signed) + sessionsOf(unsigned);
  const all = sessionsOf(aligned) + unproven;
  const provenOnly = { trust: "aligned", label: "Show proven reports only" } as const;
  if (shown === "signed") {
    const sentence =
      "These figures count only reports signed by a domain that is not known to sign for the reporter. Anyone can send such a report under any name.";
    return { tone: "notice", sentence, other: provenOnly };
  }
  if (shown === "unsigned") {
    const sentence =
      "These figures count only reports without a valid signature. Anyone can send such a report under any name.";
    return { tone: "notice", sentence, other: provenOnly };
  }
  if (unprovenReports === 0) {
    return {
      tone: "idle",
      sentence: "All reports of this period are proven: the reporter signed each of them.",
    };
  }
  if (aligned.reports === 0 && shown === "any") {
    const sentence =
      "No report of this period is proven to come from the sender it names, so these figures count unproven reports: the senders uploaded them over HTTPS or mailed them without a signature of their own, or you imported them.";
    return { tone: "notice", sentence };
  }
  const share = all === 0 ? "" : ` (${formatShare(unproven / all)} of all)`;
  if (shown === "aligned") {
    const sentence = `These figures count proven reports only: the reporter signed them. Another ${formatCountOf(unproven, "session")}${share} ${unproven === 1 ? "is" : "are"} in ${formatCountOf(unprovenReports, "report")} that are not proven.`;
    return { tone: "idle", sentence, other: { trust: "any", label: "Include unproven reports" } };
  }
  const sentence = `These figures count all reports. ${formatCountOf(unproven, "session")}${share} ${unproven === 1 ? "is" : "are"} in ${formatCountOf(unprovenReports, "report")} that are not proven to come from the sender they name.`;
  return { tone: "notice", sentence, other: provenOnly };
}

/** How much of each row is proven; shown where rows count all reports. */
export function provenColumns(trust: AskedTrust | undefined): readonly Column<SummaryRow>[] {
  return trust === undefined || trust === "any" ? [PROVEN_COLUMN] : [];
}

const PROVEN_COLUMN: Column<SummaryRow> = {
  title: "Proven",
  align: "end",
  wideOnly: true,
  cell: (row) => {
    const sessions = sessionsOf(row);
    return sessions === 0 ? "–" : formatShare(sessionsOf(row.proven) / sessions);
  },
};

function sessionsOf(sum: { successfulSessions: number; failedSessions: number }): number {
  return sum.successfulSessions + sum.failedSessions;
}
