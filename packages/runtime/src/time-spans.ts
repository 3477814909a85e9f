/** Milliseconds of a minute. */
export const MINUTE_MS = 60_000;

/** Milliseconds of an hour. */
export const HOUR_MS = 3_600_000;

/** Milliseconds of a day of 24 hours, which every UTC day has. */
export const DAY_MS = 86_400_000;

/** Seconds of a day of 24 hours. */
export const DAY_SECONDS = 86_400;
