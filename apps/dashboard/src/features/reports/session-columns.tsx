import type { SummaryRow } from "../../api/contract.ts";
import type { ReportFilter } from "../../api/reports.ts";
import { formatCount, formatShare } from "../../format/counts.ts";
import type { Column } from "../../ui/Table.tsx";
import { isAboutFailures } from "./read-report-search.ts";
import { successShare } from "./success-share.ts";

/** Successful and failed sessions with their share; failed ones alone where successful ones are not counted. */
export function sessionColumns(filter: ReportFilter): readonly Column<SummaryRow>[] {
  return isAboutFailures(filter) ? [FAILED] : [SUCCESSFUL, FAILED, SHARE];
}

const SUCCESSFUL: Column<SummaryRow> = {
  title: "Successful",
  align: "end",
  cell: (row) => formatCount(row.successfulSessions),
  sortBy: (row) => row.successfulSessions,
};
const FAILED: Column<SummaryRow> = {
  title: "Failed",
  align: "end",
  cell: (row) => formatCount(row.failedSessions),
  sortBy: (row) => row.failedSessions,
};
const SHARE: Column<SummaryRow> = {
  title: "Success share",
  align: "end",
  wideOnly: true,
  cell: (row) => formatShare(successShare(row)),
  sortBy: successShare,
};
