import { useQuery } from "@tanstack/react-query";
import { reportMarksQuery } from "../../api/report-marks.ts";
import type { ReportFilter } from "../../api/reports.ts";
import type { ChartMark } from "../../charts/SessionsChart.tsx";

/** What may explain the figures of a range: for the chart, and as a list in words, newest first. Empty until it is known. */
export function useReportMarks({ from, to, domainId }: ReportFilter): {
  marks: readonly ChartMark[];
  list: readonly ChartMark[];
} {
  const { data: marks = [] } = useQuery(reportMarksQuery({ from, to, domainId }));
  return { marks, list: marks.toSorted((a, b) => (a.day < b.day ? 1 : -1)) };
}
