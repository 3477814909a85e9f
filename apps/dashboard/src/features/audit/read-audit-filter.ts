import { isDay } from "../../format/utc-days.ts";

/** The part of the address that says which events are looked at. */
export type AuditFilter = { actor?: string; kind?: string; domainId?: string; from?: string; to?: string };

/** The audit filters out of the address; what makes no sense is left out. */
export function readAuditFilter(search: Record<string, unknown>): AuditFilter {
  const { actor, kind, domainId, from, to } = search;
  return {
    ...(isText(actor) && { actor }),
    ...(isText(kind) && { kind }),
    ...(isText(domainId) && { domainId }),
    ...(isDay(from) && { from }),
    ...(isDay(to) && { to }),
  };
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= 100;
}
