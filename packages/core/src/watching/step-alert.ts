import { DAY_MS, MINUTE_MS } from "@waxseal/runtime/time-spans";
import type { Finding, FindingCode } from "../judging/judge-domain.ts";

/** What is kept of a finding between two judgements. */
export type AlertState = {
  severity: Finding["severity"];
  state: "pending" | "open" | "resolved";
  firstSeenAt: Date;
  openedAt: Date | null;
  lastSeenAt: Date;
  resolvedAt: Date | null;
  looksBad: number;
  looksGood: number;
  lookedAt: Date;
  runSince: Date | null;
  /** It comes and goes: it stays open until it was away for a day. */
  unstable: boolean;
};

/** When a judgement is made, and when the fact behind it was observed. `isHeld`: it opens no alert now. */
type Look = { now: Date; at: Date; isHeld?: boolean };

/** How many looks over how long open a condition. Those not named here are proven by what they are made from. */
const OPENING: Partial<Record<FindingCode, { looks: number; spanMs: number }>> = {
  "cname.missing": { looks: 2, spanMs: 3 * MINUTE_MS },
  "cname.wrong": { looks: 2, spanMs: 3 * MINUTE_MS },
  "dane.broken": { looks: 2, spanMs: 10 * MINUTE_MS },
  "publish.stuck": { looks: 1, spanMs: 10 * MINUTE_MS },
  "leave.state": { looks: 2, spanMs: 3 * MINUTE_MS },
  "claim.lost": { looks: 2, spanMs: 3 * MINUTE_MS },
  "host.refused": { looks: 2, spanMs: 10 * MINUTE_MS },
  // An archive arrives oldest report first: until it is read, reports seem to have stopped long ago.
  "reports.silent": { looks: 1, spanMs: 15 * MINUTE_MS },
  "reports.none": { looks: 1, spanMs: 15 * MINUTE_MS },
};
const AT_ONCE = { looks: 1, spanMs: 0 };

/** How many good looks resolve a condition: DNS may answer by turns, and everything else is proven by what it is made from. */
const GOOD_LOOKS: Partial<Record<FindingCode, number>> = {
  "cname.missing": 2,
  "cname.wrong": 2,
  "dane.broken": 2,
  "leave.state": 2,
  "claim.lost": 2,
};
const GOOD_SPAN_MS = 15 * MINUTE_MS;
/** A condition that opens more often than this in a day is unstable. */
const MAX_OPENINGS = 3;
const UNSTABLE_SPAN_MS = DAY_MS;

/**
 * Adds one look at a condition that is true. The same look twice counts once. `openings` are those of the same condition in the 24 hours
 * before: the fourth opening of a day is unstable.
 */
export function stepBad(
  before: AlertState | undefined,
  finding: Finding,
  { now, at, isHeld = false }: Look,
  openings = 0,
): AlertState {
  const { looks, spanMs } = OPENING[finding.code] ?? AT_ONCE;
  const isNew = !before || at > before.lookedAt;
  const known = before ?? newAlert(finding, now, at);
  const isPending = known.state === "pending";
  const alert: AlertState = {
    ...known,
    severity: finding.severity,
    lastSeenAt: isNew ? at : known.lastSeenAt,
    lookedAt: isNew ? at : known.lookedAt,
    looksBad: known.looksBad + (isNew ? 1 : 0),
    ...(isNew && { looksGood: 0 }),
    ...(isNew && !isPending && { runSince: null }),
  };
  const runMs = (looks > 1 ? alert.lookedAt : now).getTime() - (alert.runSince ?? at).getTime();
  if (isHeld && !isPending) return known;
  if (!isPending || isHeld || alert.looksBad < looks || runMs < spanMs) return alert;
  return { ...alert, state: "open", openedAt: now, runSince: null, unstable: openings >= MAX_OPENINGS };
}

/** Adds one look at a condition that no longer holds; undefined: it never opened and is forgotten. */
export function stepGood(before: AlertState, code: FindingCode, { now, at }: Look): AlertState | undefined {
  if (before.state === "pending") return undefined;
  const isNew = at > before.lookedAt;
  const alert = {
    ...before,
    lookedAt: isNew ? at : before.lookedAt,
    looksGood: before.looksGood + (isNew ? 1 : 0),
    runSince: before.runSince ?? now,
  };
  const isLong = now.getTime() - alert.runSince.getTime() >= goodSpanMs(before);
  if (!isLong || alert.looksGood < (GOOD_LOOKS[code] ?? 1)) return alert;
  return { ...alert, state: "resolved", resolvedAt: now, runSince: null };
}

/** When time alone may open or resolve an alert. */
export function nextStepAt(alert: AlertState, code: FindingCode): Date | null {
  const { state, runSince } = alert;
  if (!runSince || state === "resolved") return null;
  const spanMs = state === "open" ? goodSpanMs(alert) : (OPENING[code] ?? AT_ONCE).spanMs;
  return new Date(runSince.getTime() + spanMs);
}

function goodSpanMs({ unstable }: AlertState): number {
  return unstable ? UNSTABLE_SPAN_MS : GOOD_SPAN_MS;
}

function newAlert({ severity, since }: Finding, now: Date, at: Date): AlertState {
  const firstSeenAt = since ?? now;
  const none = { openedAt: null, resolvedAt: null, looksBad: 0, looksGood: 0 };
  const seen = { lastSeenAt: at, lookedAt: at, runSince: at, unstable: false };
  return { severity, state: "pending", firstSeenAt, ...seen, ...none };
}
