import { useNavigate } from "@tanstack/react-router";
import { type ReportSearch, rangeOf, readReportSearch } from "./read-report-search.ts";

/** Changes some filters in the address; the days that are shown stay. */
export function useReportSearch(search: ReportSearch): (next: Record<string, unknown>) => void {
  const navigate = useNavigate();
  const { from, to } = rangeOf(search, new Date());
  return (next) =>
    void navigate({ to: ".", search: readReportSearch({ ...search, from, to, ...next }), replace: true });
}
