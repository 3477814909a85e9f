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
