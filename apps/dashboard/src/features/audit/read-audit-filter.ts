import { explainDayRange, isDay } from "../../format/utc-days.ts";

/** The part of the address that says which events are looked at. */
export type AuditFilter = { actor?: string; kind?: string; domainId?: string; from?: string; to?: string };

/** The audit filters out of the address; what makes no sense is left out. */
export function readAuditFilter(search: Record<string, unknown>): AuditFilter {
  const { actor, kind, domainId, from, to } = search;
  const isUsable = explainDayRange(from, to) === undefined;
  return {
    ...(isText(actor) && { actor }),
    ...(isText(kind) && { kind }),
    ...(isText(domainId) && { domainId }),
    ...(isUsable && isDay(from) && { from }),
    ...(isUsable && isDay(to) && { to }),
  };
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= 100;
}
