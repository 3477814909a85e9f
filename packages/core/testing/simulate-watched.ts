import { DAY_MS } from "@waxseal/runtime/time-spans";
import type { ReporterDay } from "../src/judging/judge-failure-rate.ts";
import type { RefusalCause } from "../src/judging/simulate-policy.ts";
import type { WatchedFacts } from "../src/judging/watched-facts.ts";
import type { ScriptedFault, SimulatedDomain } from "./simulate-alert-year.ts";

const PAST_DAYS = 90;
const FAILURE_DAYS = 14;
const RHYTHM_DAYS = 28;

type Known = {
  /** Reports that are here by now. */
  reports: readonly ReporterDay[];
  has(kind: ScriptedFault["kind"]): ScriptedFault | undefined;
};

/** What the rarer conditions of a simulated domain go by at a time. */
export function watchedAt(domain: SimulatedDomain, { reports, has }: Known, atMs: number): WatchedFacts {
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const [first, past, recent] = [RHYTHM_DAYS, PAST_DAYS, FAILURE_DAYS].map((days) =>
    day(atMs - days * DAY_MS),
  );
  const lately = reports.filter((one) => one.day >= (first ?? ""));
  const wasFailing = reports.some(
    (one) => one.refused > 0 && one.day >= (past ?? "") && one.day < (recent ?? ""),
  );
  return {
    claim: has("claim") ? "other" : "own",
    mxSeen: [{ mxHost: domain.mxHost, firstSeenAt: new Date(0), lastSeenAt: new Date(atMs) }],
    mxNow: [domain.mxHost],
    ...{ horizonAt: null, enforcedUntil: null, leftAt: null, tlsRptSince: new Date(0), fetchingNetworks: 6 },
    refusals: refusalsOf(has("refused") ? 4 : 1),
    reports: {
      ...{ hasAny: true, rejected: [], forged: [], fetchErrors: [] },
      pastCauses: wasFailing ? [`starttls-not-supported ${domain.mxHost}`] : [],
      rhythms: [...Map.groupBy(lately, ({ reporter }) => reporter)].map(([reporter, own]) => ({
        ...{ reporter, days: own.map((one) => one.day), delayMs: 6 * 3_600_000, isSilentForAll: false },
      })),
    },
  };
}

/** A few failures of a kind that was never there, by two reporters. */
export function freshCause(
  { mxHost }: SimulatedDomain,
  fault: ScriptedFault | undefined,
  atMs: number,
): RefusalCause[] {
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  // Its first report is here the day after.
  if (!fault || atMs < fault.fromMs + DAY_MS) return [];
  const seen = { firstDay: day(fault.fromMs), lastDay: day(atMs - DAY_MS), continuing: true };
  const reporters = ["Comcast", "Microsoft"];
  return [{ resultType: "validation-failure", mxHost, sessions: 7, reporters, ...seen }];
}

/** One misconfigured sender is there at all times. */
function refusalsOf(count: number): WatchedFacts["refusals"] {
  const networks = Array.from({ length: count }, (_, index) => `192.0.${index}.0/24`);
  return { ofOneDay: networks, ofTwoDays: networks, reason: "", failures: 3 };
}
