import { formatDay } from "@waxseal/contract/format-instant";
import { shiftDay } from "../day-range.ts";
import type { JudgedFacts } from "./judge-domain.ts";
import { wilsonBounds } from "./wilson-bounds.ts";

/** How far the evidence goes that enforcing a policy in testing would hold back no mail. */
export type Readiness = {
  /** `failing`: mail would be refused now; `collecting`: too little is known; `unsure`: as much is known as little mail gives. */
  state: "failing" | "collecting" | "unsure" | "ready";
  /** Between 0 and 1, of the evidence that is needed. */
  progress: number;
  reportDays: number;
  neededDays: number;
  sessions: number;
  neededSessions: number;
  reporters: number;
  refusedSessions: number;
  refusedShareAtMost: number | null;
  text: string;
};

const DAYS = 14;
const NEEDED_DAYS = 10;
const NEEDED_SESSIONS = 300;
const NEEDED_REPORTERS = 2;
/** As 0 of 300 proves it. */
const SHARE_AT_MOST = 0.013;
const QUIET_DAYS = 5;

/**
 * Measures it from proven reports of the last 14 complete days: at least 10 days with reports, 300 sessions and two reporters, of whose
 * sessions surely fewer than 1.3 % would have been refused, and none in the last five days. Null where nothing is to be enforced, or nothing known.
 *
 * `isWell`: no finding is open against the domain.
 */
export function measureReadiness(facts: JudgedFacts, isWell: boolean, now: Date): Readiness | null {
  if (facts.status !== "active" || facts.mode !== "testing" || facts.reportDays === null) return null;
  const today = now.toISOString().slice(0, 10);
  const dayBefore = (days: number) => shiftDay(today, -days);
  const recent = facts.reporterDays.filter(({ day }) => day >= dayBefore(DAYS) && day < today);
  const sessions = recent.reduce((sum, one) => sum + one.sessions, 0);
  const refusedSessions = recent.reduce((sum, one) => sum + one.refused, 0);
  const lastRefused =
    recent
      .filter(({ refused }) => refused > 0)
      .map(({ day }) => day)
      .sort()
      .at(-1) ?? null;
  const reportDays = new Set(recent.map(({ day }) => day)).size;
  const reporters = new Set(recent.map(({ reporter }) => reporter)).size;
  const refusedShareAtMost = sessions > 0 ? wilsonBounds(refusedSessions, sessions).high : null;
  const measured = { reportDays, sessions, reporters, refusedSessions, refusedShareAtMost };
  const isFailing = !isWell || (lastRefused !== null && lastRefused >= dayBefore(QUIET_DAYS));
  const state = isFailing ? "failing" : stateOf(measured);
  const parts = [reportDays / NEEDED_DAYS, sessions / NEEDED_SESSIONS, reporters / NEEDED_REPORTERS];
  return {
    ...measured,
    state,
    progress: state === "ready" ? 1 : Math.min(1, ...parts),
    neededDays: NEEDED_DAYS,
    neededSessions: NEEDED_SESSIONS,
    text: describe(state, measured, lastRefused),
  };
}

type Measured = Pick<
  Readiness,
  "reportDays" | "sessions" | "reporters" | "refusedSessions" | "refusedShareAtMost"
>;

function stateOf({ reportDays, sessions, reporters, refusedShareAtMost }: Measured): Readiness["state"] {
  if (reportDays < NEEDED_DAYS) return "collecting";
  if (sessions < NEEDED_SESSIONS || reporters < NEEDED_REPORTERS) return "unsure";
  return (refusedShareAtMost ?? 1) <= SHARE_AT_MOST ? "ready" : "unsure";
}

function describe(state: Readiness["state"], measured: Measured, lastRefused: string | null): string {
  const { sessions, refusedSessions, refusedShareAtMost } = measured;
  const count = (number: number) => number.toLocaleString("en-US");
  const share = `${((refusedShareAtMost ?? 1) * 100).toFixed(1)}%`;
  const seen =
    refusedSessions === 0
      ? `None of ${count(sessions)} connections in ${DAYS} days would have been refused`
      : `${count(refusedSessions)} of ${count(sessions)} connections in ${DAYS} days would have been refused`;
  switch (state) {
    case "failing":
      return lastRefused
        ? `Fix what fails first: ${seen.charAt(0).toLowerCase()}${seen.slice(1)}, the last on ${formatDay(lastRefused)}.`
        : "Fix what needs attention first. Enforcing before that could hold back mail.";
    case "collecting":
      return "Senders report once a day. Wait until reports of 10 days are here, or review the policy yourself.";
    case "unsure":
      return `${seen}, at most ${share} with this little mail. You can enforce if you know your mail hosts well.`;
    case "ready":
      return `${seen}: at most ${share}. The domain is ready to enforce.`;
  }
}
