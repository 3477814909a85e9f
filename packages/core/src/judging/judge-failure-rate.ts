import { shiftDay } from "../day-range.ts";
import { wilsonBounds } from "./wilson-bounds.ts";

/** What one proven reporter says of one day, as `YYYY-MM-DD`: sessions under the policy, and those that enforcement refuses. */
export type ReporterDay = { reporter: string; day: string; sessions: number; refused: number };

/** `failing`: more fails than usual; `total`: everything does; `unclear`: too little is known of the last days to say so, or that it is over. */
export type FailureRate = "failing" | "total" | "unclear" | "usual";

const WINDOW_DAYS = 3;
const BASELINE_DAYS = 28;
/** Days that are reported later than this change figures, not alerts. */
const OLDEST_DAYS = 7;
const FLOOR = 0.02;
/** Prior: adds this many sessions and failures to each count, because a reporter without failures can still have one. */
const PRIOR = { refused: 0.5, sessions: 200 };
/** Sessions are not independent: one queue tries one message many times. */
const SPREAD = { min: 2, max: 20, unknown: 4, knownFromDays: 5 };
const UP_ON_DAY = 3;
const UP_OVER_DAYS = 10;
const CHRONIC = { days: 7, of: 14 };
const ALL_FAIL_SESSIONS = 5;
/** For an interval of 90 %. */
const Z_90 = 1.645;

/**
 * Whether more mail fails than usual, from the last three complete days with reports, against each reporter's 28 days before them.
 *
 * A reporter is up on a day when at least three sessions failed and their share is surely above both 2 % and twice its usual one; a low
 * share counts over three days together. It takes two reporters, or one that is up on two days, or that everything failed for two reporters
 * or on two days, or that surely more than 2 % failed on most days of two weeks: a single burst of one sender never decides. `failingSince`, when failures are known already, keeps their days out of
 * what is usual.
 */
export function judgeFailureRate(
  all: readonly ReporterDay[],
  today: string,
  failingSince: string | null,
): FailureRate {
  const oldest = shiftDay(today, -OLDEST_DAYS);
  const days = [...new Set(all.filter(({ sessions }) => sessions > 0).map(({ day }) => day))]
    .filter((day) => day < today && day >= oldest)
    .sort()
    .slice(-WINDOW_DAYS);
  const [first] = days;
  if (!first) return "unclear";
  const from = shiftDay(first, -BASELINE_DAYS);
  const isUsual = ({ day }: ReporterDay) =>
    day >= from && day < first && (failingSince === null || day < failingSince);
  const reporters = [...Map.groupBy(all, ({ reporter }) => reporter).values()];
  const ups = reporters.map((own) => {
    const window = own.filter(({ day }) => days.includes(day));
    return { refused: sum(window, "refused"), days: countUpDays(window, own.filter(isUsual)) };
  });
  if (isTotal(all.filter(({ day }) => days.includes(day)))) return "total";
  if (isChronic(all, days, today)) return "failing";
  const up = ups.filter((one) => one.days > 0);
  if (up.length >= 2 || up.some((one) => one.days >= 2 && one.refused >= UP_OVER_DAYS)) return "failing";
  return up.length > 0 || days.length < WINDOW_DAYS ? "unclear" : "usual";
}

/** On how many days a reporter is up; a low share over all days together counts as two. */
function countUpDays(window: readonly ReporterDay[], usual: readonly ReporterDay[]): number {
  const { limit, spread } = describeUsual(usual);
  const isUp = (refused: number, sessions: number) =>
    wilsonBounds(refused / spread, sessions / spread).low > limit;
  const upDays = window.filter((one) => one.refused >= UP_ON_DAY && isUp(one.refused, one.sessions)).length;
  const refused = sum(window, "refused");
  const failedDays = window.filter((one) => one.refused > 0).length;
  const isUpTogether = refused >= UP_OVER_DAYS && failedDays >= 2 && isUp(refused, sum(window, "sessions"));
  return Math.max(upDays, isUpTogether ? 2 : 0);
}

function describeUsual(usual: readonly ReporterDay[]): { limit: number; spread: number } {
  const refused = sum(usual, "refused");
  const sessions = sum(usual, "sessions");
  const { high } = wilsonBounds(refused + PRIOR.refused, sessions + PRIOR.sessions, Z_90);
  return { limit: Math.max(FLOOR, 2 * high), spread: spreadOf(usual, refused / Math.max(1, sessions)) };
}

/** How much more the share of failures varies from day to day than that of independent sessions would (Pearson's chi-square by day). */
function spreadOf(usual: readonly ReporterDay[], share: number): number {
  const days = usual.filter(({ sessions }) => sessions > 0);
  if (days.length < SPREAD.knownFromDays) return SPREAD.unknown;
  if (share === 0 || share === 1) return SPREAD.min;
  const chi = days.reduce((total, { sessions, refused }) => {
    const expected = sessions * share;
    return total + (refused - expected) ** 2 / (expected * (1 - share));
  }, 0);
  return Math.min(SPREAD.max, Math.max(SPREAD.min, chi / (days.length - 1)));
}

/** Failures on most days of two weeks are no burst and are never usual, however long they have gone on. */
function isChronic(all: readonly ReporterDay[], window: readonly string[], today: string): boolean {
  const recent = all.filter(({ day }) => day < today && day >= shiftDay(today, -CHRONIC.of));
  const failedDays = new Set(recent.filter(({ refused }) => refused > 0).map(({ day }) => day));
  if (failedDays.size < CHRONIC.days || window.filter((day) => failedDays.has(day)).length < 2) return false;
  const { unknown } = SPREAD;
  return wilsonBounds(sum(recent, "refused") / unknown, sum(recent, "sessions") / unknown).low > FLOOR;
}

function isTotal(window: readonly ReporterDay[]): boolean {
  const seen = window.filter(({ sessions }) => sessions > 0);
  if (sum(seen, "sessions") < ALL_FAIL_SESSIONS) return false;
  if (sum(seen, "refused") < sum(seen, "sessions")) return false;
  const isTwice = (pick: (one: ReporterDay) => string) => new Set(seen.map(pick)).size >= 2;
  return isTwice(({ reporter }) => reporter) || isTwice(({ day }) => day);
}

function sum(days: readonly ReporterDay[], key: "sessions" | "refused"): number {
  return days.reduce((total, one) => total + one[key], 0);
}
