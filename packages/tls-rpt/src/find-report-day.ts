const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * The UTC calendar day, YYYY-MM-DD, that most of a period lies in; the earlier one of equals.
 *
 * Senders count their own day: one at UTC+9 that starts at 15:00Z is about the next UTC day. `startAt` is not after `endAt`.
 * RFC 8460 §4.1
 */
export function findReportDay(startAt: Date, endAt: Date): string {
  const startMs = startAt.getTime();
  const firstDayMs = Math.floor(startMs / DAY_MS) * DAY_MS;
  const onFirstDay = firstDayMs + DAY_MS - startMs;
  const onSecondDay = Math.min(endAt.getTime() - firstDayMs - DAY_MS, DAY_MS);
  return new Date(onSecondDay > onFirstDay ? firstDayMs + DAY_MS : firstDayMs).toISOString().slice(0, 10);
}
