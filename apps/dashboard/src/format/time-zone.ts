import { formatInstant } from "@waxseal/contract/format-instant";

/** In which zone instants are shown. Report days are UTC days in both. */
export type TimeZoneChoice = "utc" | "local";

const KEY = "waxseal-time-zone";
const listeners = new Set<() => void>();

/** What the person chose on this device; UTC unless they did. */
export function chosenTimeZone(): TimeZoneChoice {
  try {
    return localStorage.getItem(KEY) === "local" ? "local" : "utc";
  } catch {
    // Storage may be forbidden.
    return "utc";
  }
}

/** Remembers the choice on this device. */
export function chooseTimeZone(choice: TimeZoneChoice): void {
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // Storage may be forbidden; then UTC stays.
  }
  for (const listener of listeners) listener();
}

/** Calls the listener after each choice; returns how to end that. */
export function subscribeToTimeZone(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The reader's own zone, such as Europe/Berlin. */
export function localTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** An instant in the chosen zone, whose name is always said: 27 Nov 2026, 22:10 UTC or 27 Nov 2026, 23:10 CET. */
export function formatInZone(at: string, choice: TimeZoneChoice, timeZone?: string): string {
  if (choice === "utc") return formatInstant(at);
  const parts = new Intl.DateTimeFormat("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
    timeZone,
  }).formatToParts(new Date(at));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? "";
  // September is "Sept" in this locale, and "Sep" in UTC.
  const month = part("month").slice(0, 3);
  return `${part("day")} ${month} ${part("year")}, ${part("hour")}:${part("minute")} ${part("timeZoneName")}`;
}
