import type { SummaryView } from "../../api/contract.ts";
import type { AskedTrust } from "../../api/reports.ts";
import { addDays, explainDayRange, isDay, utcDay } from "../../format/utc-days.ts";

/** The part of the address that says what is looked at; a missing range is the last 30 days. */
export type ReportSearch = {
  from?: string;
  to?: string;
  domainId?: string;
  source?: string;
  result?: string;
  show?: "failures";
  /** Missing: proven reports where there are figures, all reports where there is a list. */
  trust?: AskedTrust;
};

/** The report filters out of the address; what makes no sense is left out. */
export function readReportSearch(search: Record<string, unknown>): ReportSearch {
  const { from, to, show, trust } = search;
  const isRange = isDay(from) && isDay(to) && explainDayRange(from, to) === undefined;
  return {
    ...(isRange && { from, to }),
    ...readText(search, "domainId"),
    ...readText(search, "source"),
    ...readText(search, "result"),
    ...(show === "failures" && { show }),
    ...(isTrust(trust) && { trust }),
  };
}

/** The days looked at, both included. Reports are about the day before, so today is usually still empty. */
export function rangeOf({ from, to }: ReportSearch, now: Date): { from: string; to: string } {
  if (from && to) return { from, to };
  const today = utcDay(now);
  return { from: addDays(today, -29), to: today };
}

/**
 * Which reports the figures count: those asked for, else the proven ones. Where no report of the period is proven, all are shown
 * instead of nothing, and the page says so.
 */
export function shownTrust(
  { trust }: { trust?: AskedTrust | undefined },
  { aligned, signed, unsigned }: SummaryView["totals"]["byTrust"],
): AskedTrust {
  if (trust !== undefined) return trust;
  return aligned.reports === 0 && signed.reports + unsigned.reports > 0 ? "any" : "aligned";
}

function isTrust(trust: unknown): trust is AskedTrust {
  return trust === "aligned" || trust === "signed" || trust === "unsigned" || trust === "any";
}

function readText<N extends string>(
  search: Record<string, unknown>,
  name: N,
): { [name in N]?: string } | undefined {
  const value = search[name];
  return typeof value === "string" && value !== "" && value.length <= 255 ? pair(name, value) : undefined;
}

/** One property; the type of a computed key is otherwise widened. */
function pair<N extends string>(name: N, value: string): { [name in N]?: string } {
  return { [name]: value } as { [name in N]?: string };
}
