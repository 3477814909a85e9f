import type { SummaryView } from "../../api/contract.ts";
import type { ReportFilter } from "../../api/reports.ts";
import { formatCount, formatCountOf, formatShare } from "../../format/counts.ts";
import { countDays } from "../../format/utc-days.ts";
import { type Stat, Stats } from "../../ui/Stats.tsx";
import { describeChange, describeShareChange } from "./compare-periods.ts";
import { isAboutFailures } from "./read-report-search.ts";

type Sums = SummaryView["totals"];
type Props = { totals: Sums; before: Sums | undefined; range: ReportFilter };

/** The figures of a period in large, each compared with the period before. */
export function Totals({ totals, before, range }: Props) {
  const failed = {
    name: "Failed sessions",
    value: formatCount(totals.failedSessions),
    ...noteOf(before && describeChange(totals.failedSessions, before.failedSessions)),
  };
  const reports = {
    name: "Reports",
    value: formatCount(totals.reports),
    note:
      totals.gapDays > 0
        ? `${formatCountOf(totals.gapDays, "day")} of ${countDays(range.from, range.to)} without a report`
        : "one or more on every day",
  };
  if (isAboutFailures(range)) {
    const note = "only failures name a result, mail host or address";
    return <Stats items={[failed, { name: "Successful sessions", value: "Not counted", note }, reports]} />;
  }
  const share = describeShareChange(totals.successShare, before?.successShare ?? null);
  return (
    <Stats
      items={[
        { name: "Success share", value: formatShare(totals.successShare), note: share ?? "of all sessions" },
        {
          name: "Successful sessions",
          value: formatCount(totals.successfulSessions),
          ...noteOf(before && describeChange(totals.successfulSessions, before.successfulSessions)),
        },
        failed,
        reports,
      ]}
    />
  );
}

function noteOf(note: string | undefined): Pick<Stat, "note"> {
  return note === undefined ? {} : { note };
}
