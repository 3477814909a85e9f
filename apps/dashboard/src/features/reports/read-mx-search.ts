import { type ReportSearch, readReportSearch } from "./read-report-search.ts";

/** The filter that led here, whose `mx` is tested, and the domain it is a mail host of. */
type MxTestSearch = ReportSearch & { about?: string };

/** The test out of the address; what makes no sense is left out. */
export function readMxTestSearch(search: Record<string, unknown>): MxTestSearch {
  const { about } = search;
  const isName = typeof about === "string" && about !== "" && about.length <= 255;
  return { ...readReportSearch(search), ...(isName && { about }) };
}
