import type { SummaryView } from "../../api/contract.ts";
import type { AskedTrust, ReportFilter } from "../../api/reports.ts";
import { addDays, explainDayRange, isDay, utcDay } from "../../format/utc-days.ts";

/** The four ways in which the Reports page adds up sessions. */
export const REPORT_TABS = ["result", "source", "mx", "policy"] as const;
export type ReportTab = (typeof REPORT_TABS)[number];

/** What a page of reports can be narrowed to, besides days, domain and trust. */
export const NARROWING = ["source", "result", "mx", "ip", "policy"] as const;
export type Narrowing = { [name in (typeof NARROWING)[number]]?: string | undefined };

/** The part of the address that says what is looked at; a missing range is the last 30 days. */
export type ReportSearch = Narrowing & {
  from?: string;
  to?: string;
  domainId?: string;
  /** Days picked in the chart, as first..last: what is below it is about them alone. */
  days?: string;
  show?: "failures";
  /** Missing: as a heat map. */
  reporters?: "charts";
  /** Missing: by result. */
  tab?: ReportTab;
  /** Missing: proven reports where there are figures, all reports where there is a list. */
  trust?: AskedTrust;
};

/** The report filters out of the address; what makes no sense is left out. */
export function readReportSearch(search: Record<string, unknown>): ReportSearch {
  const { from, to, show, trust, tab, days, reporters } = search;
  const isRange = isDay(from) && isDay(to) && explainDayRange(from, to) === undefined;
  return {
    ...(isRange && { from, to }),
    ...readText(search, "domainId"),
    ...NARROWING.reduce<Narrowing>((found, name) => Object.assign(found, readText(search, name)), {}),
    ...(typeof days === "string" && readPickedDays(days) && { days }),
    ...(show === "failures" && { show }),
    ...(reporters === "charts" && { reporters }),
    ...(isTab(tab) && { tab }),
    ...(isTrust(trust) && { trust }),
  };
}

/** The days looked at, both included. Reports are about the day before, so today is usually still empty. */
export function rangeOf({ from, to }: ReportSearch, now: Date): { from: string; to: string } {
  if (from && to) return { from, to };
  const today = utcDay(now);
  return { from: addDays(today, -29), to: today };
}

/** The days picked in the chart, both included; undefined for anything but first..last. */
export function readPickedDays(days: string | undefined): { from: string; to: string } | undefined {
  const [from, to, ...more] = (days ?? "").split("..");
  if (!isDay(from) || !isDay(to) || more.length > 0) return undefined;
  return explainDayRange(from, to) === undefined ? { from, to } : undefined;
}

/** What the API is asked about. */
export function filterOf(search: ReportSearch, now: Date): ReportFilter {
  const { domainId, trust, source, result, mx, ip, policy } = search;
  return {
    ...rangeOf(search, now),
    ...(domainId && { domainId }),
    ...(trust && { trust }),
    ...(source && { source }),
    ...(result && { result }),
    ...(mx && { mx }),
    ...(ip && { ip }),
    ...(policy && { policy }),
  };
}

/** Whether only failures are counted: successful sessions carry no result, mail host or sending address. */
export function isAboutFailures({ result, mx, ip }: Narrowing): boolean {
  return result !== undefined || mx !== undefined || ip !== undefined;
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

function isTab(tab: unknown): tab is ReportTab {
  return REPORT_TABS.some((known) => known === tab);
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
