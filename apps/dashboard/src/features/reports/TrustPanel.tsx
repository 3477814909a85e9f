import { Link } from "@tanstack/react-router";
import type { ReportTrust, SummaryView } from "../../api/contract.ts";
import type { ReportFilter } from "../../api/reports.ts";
import { formatCount, formatCountOf, formatShare } from "../../format/counts.ts";
import { Panel } from "../../ui/Panel.tsx";
import { type Column, Table } from "../../ui/Table.tsx";
import type { ReportSearch } from "./read-report-search.ts";
import { TRUST_WORDS } from "./report-words.ts";

type Totals = SummaryView["totals"];
type TrustRow = Totals["byTrust"]["aligned"] & { trust: ReportTrust };

const MEANING = {
  aligned: "Proven: a domain that signs for the reporter signed the mail.",
  signed: "Anyone can use any name; the signature only proves which domain sent it.",
  unsigned: "Not proven: uploaded over HTTPS, imported or mailed without a valid signature.",
} satisfies Record<ReportTrust, string>;

/** How much of the totals is proven, with proven figures, those of other signers and unsigned ones apart. RFC 8460 §5.3 */
export function TrustPanel({ range, totals }: { range: ReportFilter; totals: Totals }) {
  const { aligned, signed, unsigned } = totals.byTrust;
  const all = allSessions(aligned) + allSessions(signed) + allSessions(unsigned);
  const proven = `${formatCount(allSessions(aligned))} of ${formatCountOf(all, "session")} are proven`;
  return (
    <Panel
      flush
      title="How much is proven"
      term={["trust", "trust"]}
      hint={`${proven}${all > 0 ? ` (${formatShare(allSessions(aligned) / all)})` : ""}: the reporter signed the report.`}
    >
      <Table
        caption="Sessions by who signed the report"
        columns={columnsFor(range)}
        rows={[
          { trust: "aligned", ...aligned },
          { trust: "signed", ...signed },
          { trust: "unsigned", ...unsigned },
        ]}
        rowKey={(row) => row.trust}
      />
    </Panel>
  );
}

const columnsFor = (range: ReportFilter): readonly Column<TrustRow>[] => [
  {
    title: "Who signed",
    cell: ({ trust }) => (
      <>
        <Link to="." search={(search: ReportSearch) => ({ ...search, ...range, trust })} resetScroll={false}>
          {TRUST_WORDS[trust]}
        </Link>
        <div>{MEANING[trust]}</div>
      </>
    ),
  },
  { title: "Reports", align: "end", wideOnly: true, cell: (row) => formatCount(row.reports) },
  { title: "Successful", align: "end", cell: (row) => formatCount(row.successfulSessions) },
  { title: "Failed", align: "end", cell: (row) => formatCount(row.failedSessions) },
];

function allSessions(sum: { successfulSessions: number; failedSessions: number }): number {
  return sum.successfulSessions + sum.failedSessions;
}
