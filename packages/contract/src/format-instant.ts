const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A UTC calendar day in words: "27 Nov 2026". Takes an instant, or a text that begins with YYYY-MM-DD. */
export function formatDay(at: Date | string): string {
  const date = new Date(at);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/**
 * An instant as it reads in a sentence, to the minute: "27 Nov 2026, 22:10 UTC". Screens, mails, findings and messages all use this one;
 * ISO texts are for machines.
 */
export function formatInstant(at: Date | string): string {
  return `${formatDay(at)}, ${new Date(at).toISOString().slice(11, 16)} UTC`;
}

/** The hour that begins at an instant: "28 Nov 2026, 22:00–23:00 UTC". */
export function formatHour(at: Date | string): string {
  const [hour, end] = [new Date(at).getUTCHours(), new Date(at).getUTCHours() + 1];
  const padded = (value: number) => `${value}`.padStart(2, "0");
  return `${formatDay(at)}, ${padded(hour)}:00–${padded(end)}:00 UTC`;
}
