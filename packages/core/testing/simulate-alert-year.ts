import { DAY_MS, HOUR_MS, MINUTE_MS } from "@waxseal/runtime/time-spans";
import { isAtLeast } from "../src/alerting/alert-change.ts";
import { causeKeyOf } from "../src/alerting/cause-key.ts";
import {
  type Finding,
  type FindingCode,
  type JudgedFacts,
  judgeDomain,
} from "../src/judging/judge-domain.ts";
import type { ReporterDay } from "../src/judging/judge-failure-rate.ts";
import { lookOf } from "../src/watching/look-of.ts";
import { type AlertState, stepBad, stepGood } from "../src/watching/step-alert.ts";
import { freshCause, watchedAt } from "./simulate-watched.ts";

/** A fault of a domain with the time at which it begins and ends. */
export type ScriptedFault = {
  kind:
    | "starttls"
    | "expired"
    | "cname"
    | "uncovered"
    | "failures"
    | "fresh"
    | "silence"
    | "reporter"
    | "claim"
    | "refused";
  fromMs: number;
  untilMs: number;
};

/** A domain of the year. `account` hears of it; `mxHost` may be shared. */
export type SimulatedDomain = {
  id: string;
  account: string;
  mxHost: string;
  sessionsADay: number;
  faults: readonly ScriptedFault[];
};

/** What a person got, at what time. */
export type SimulatedMessage = {
  account: string;
  kind: "opened" | "resolved";
  causeKey: string;
  condition: string;
  atMs: number;
};

type Kept = AlertState & { code: FindingCode; subject: string };
type Alert = Kept & { domain: SimulatedDomain; evidence: Finding["evidence"] };
type Change = { atMs: number; kind: "opened" | "worse" | "resolved"; alert: Alert };

const REPORTERS = ["Google", "Microsoft", "Comcast"];
/** The first days are the baseline of the others. */
const WARM_UP_DAYS = 40;
const DAYS = WARM_UP_DAYS + 365;
const LIFE_MS = 90 * DAY_MS;

/** Numbers that look random and are the same in each run. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Runs one domain through a year and lists what its alerts did. */
export function simulateDomain(domain: SimulatedDomain, startMs: number, random: () => number): Change[] {
  const days = drawReports(domain, startMs, random);
  const alerts = new Map<string, Alert>();
  const changes: Change[] = [];
  for (const atMs of listLooks(domain, startMs, random)) {
    const now = new Date(atMs);
    const facts = factsAt(domain, days, atMs, random);
    const previous = [...alerts.values()].map(asFinding);
    const findings = judgeDomain(facts, previous, now);
    step(domain, alerts, { findings, facts }, now, changes);
  }
  return changes;
}

/** Notices that opened: they are in the summary, and in no message of their own. */
export function countNotices(changes: readonly Change[]): number {
  return changes.filter(({ kind, alert }) => kind === "opened" && alert.severity === "notice").length;
}

/** The messages that owners get of some changes: one for a cause in an account, and one when the last alert of it is over. */
export function listMessages(changes: readonly Change[]): SimulatedMessage[] {
  const open = new Map<string, Set<string>>();
  const messages: SimulatedMessage[] = [];
  for (const { atMs, kind: changed, alert } of changes.toSorted((a, b) => a.atMs - b.atMs)) {
    if (!isAtLeast(alert.severity, "warning")) continue;
    // A notice that becomes a warning is news to those who hear of warnings only.
    const kind = changed === "worse" ? "opened" : changed;
    const { code: condition, subject, domain, evidence } = alert;
    const about = { condition, subject, domainId: domain.id, evidence };
    const causeKey = causeKeyOf({ accountId: domain.account, id: "", severity: alert.severity, ...about });
    const key = `${domain.account} ${causeKey}`;
    const own = open.get(key) ?? new Set<string>();
    open.set(key, own);
    const isFirst = kind === "opened" && own.size === 0;
    if (kind === "opened") own.add(`${domain.id} ${condition} ${subject}`);
    else if (!own.delete(`${domain.id} ${condition} ${subject}`)) continue;
    if (isFirst || (kind === "resolved" && own.size === 0))
      messages.push({ account: domain.account, kind, causeKey, condition, atMs });
  }
  return messages;
}

function step(
  domain: SimulatedDomain,
  alerts: Map<string, Alert>,
  { findings, facts }: { findings: readonly Finding[]; facts: JudgedFacts },
  now: Date,
  changes: Change[],
) {
  const atMs = now.getTime();
  for (const finding of findings) {
    const key = `${finding.code} ${finding.subject}`;
    const before = alerts.get(key);
    const { code, subject, evidence } = finding;
    const at = lookOf(finding, facts, now) ?? before?.lookedAt ?? now;
    const alert = { ...stepBad(before, finding, { now, at }), code, subject, evidence, domain };
    alerts.set(key, alert);
    if (alert.state === "open" && before?.state !== "open") changes.push({ atMs, kind: "opened", alert });
    else if (before && isAtLeast(alert.severity, "warning") && !isAtLeast(before.severity, "warning"))
      changes.push({ atMs, kind: "worse", alert });
  }
  for (const [key, before] of alerts) {
    if (findings.some(({ code, subject }) => `${code} ${subject}` === key)) continue;
    const at = lookOf(before, facts, now) ?? before.lookedAt;
    const next = stepGood(before, before.code, { now, at });
    if (next && next.state !== "resolved") alerts.set(key, { ...before, ...next });
    else {
      alerts.delete(key);
      if (before.state === "open") changes.push({ atMs, kind: "resolved", alert: before });
    }
  }
}

function asFinding({ code, subject, severity, firstSeenAt: since, evidence }: Alert): Finding {
  return { code, subject, severity, since, move: "us", evidence };
}

/** Once a day; around the beginning and end of a fault as the checks come: hours apart, and minutes after a change was seen. */
function listLooks({ faults }: SimulatedDomain, startMs: number, random: () => number): number[] {
  const daily = Array.from(
    { length: DAYS - WARM_UP_DAYS },
    (_, day) => startMs + (WARM_UP_DAYS + day) * DAY_MS + 6 * HOUR_MS,
  );
  const around = faults.flatMap(({ fromMs, untilMs }) =>
    [fromMs, untilMs].flatMap((ms) => {
      const first = ms + random() * 6 * HOUR_MS;
      return Array.from({ length: 8 }, (_, look) => first + look * 5 * MINUTE_MS);
    }),
  );
  return [...daily, ...around].sort((a, b) => a - b);
}

function factsAt(
  domain: SimulatedDomain,
  days: readonly ReporterDay[],
  atMs: number,
  random: () => number,
): JudgedFacts {
  const now = new Date(atMs);
  const has = (kind: ScriptedFault["kind"]) =>
    domain.faults.find((one) => one.kind === kind && atMs >= one.fromMs && atMs < one.untilMs);
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const [today, first] = [day(atMs), day(atMs - 36 * DAY_MS)];
  // Reports of a day come in the two days after it.
  const before = days.filter((one) => one.day < today && Date.parse(one.day) + DAY_MS + late(one) <= atMs);
  const known = before.filter((one) => one.day >= first);
  const recent = known.filter((one) => one.day >= day(atMs - 14 * DAY_MS));
  const refused = recent.reduce((sum, one) => sum + one.refused, 0);
  const refusing = recent.filter((one) => one.refused > 0);
  const failing = refusing.map((one) => one.day).sort();
  const fresh = freshCause(domain, has("fresh"), atMs);
  const record = (name: string, state: string) => ({
    name,
    state,
    isMisplaced: false,
    isMisdirected: false,
    checkedAt: now,
  });
  // One look in a hundred gets no answer from DNS, one in three hundred a wrong one.
  const noise = random();
  const sts = has("cname") ? "missing" : noise < 0.01 ? "unreachable" : noise < 0.0133 ? "wrong" : "correct";
  const expired = has("expired");
  const fault = has("starttls") ? "no-starttls" : expired ? "certificate-expired" : null;
  const expiring = domain.faults.find((one) => one.kind === "expired" && atMs < one.untilMs);
  // Certificates are renewed when a third of their life is left.
  const renewing = atMs + LIFE_MS / 3 + ((atMs * 7) % (LIFE_MS / 2));
  return {
    ...{ domain: domain.id, status: "active", mode: "enforce", publishProblem: null },
    records: {
      policyHost: record(`mta-sts.${domain.id}`, "correct"),
      stsRecord: record(`_mta-sts.${domain.id}`, sts),
      tlsRptRecord: record(`_smtp._tls.${domain.id}`, "correct"),
    },
    // A renewal fails now and then at its first attempts.
    certificate: {
      isFailing: random() < 0.01,
      notBefore: new Date(atMs - LIFE_MS * 0.7),
      notAfter: new Date(atMs + LIFE_MS * 0.3),
      detail: null,
    },
    uncoveredMxHosts: has("uncovered") ? [`mx9.${domain.id}`] : [],
    mxCheckedAt: now,
    mxHosts: [
      {
        ...{ mxHost: domain.mxHost, fault, since: null, dane: "none" as const },
        state: fault ? "bad" : has("failures") || has("fresh") ? "unknown" : "good",
        // A host is tested every six hours; reports of failures after that are not over by it.
        probedAt: new Date(atMs - 6 * HOUR_MS),
        certificateNotAfter: new Date(expiring ? expiring.fromMs : renewing),
      },
    ],
    simulation:
      failing.length + fresh.length === 0
        ? null
        : {
            ...{
              reportDays: 14,
              reporters: REPORTERS,
              sessions: recent.reduce((sum, one) => sum + one.sessions, 0),
            },
            ...{ refusedSessions: refused, refusedShare: 0, refusedShareAtMost: 0, withoutPolicySessions: 0 },
            causes: [
              {
                ...{
                  resultType: "starttls-not-supported",
                  mxHost: domain.mxHost,
                  sessions: refused,
                  reporters: [...new Set(refusing.map(({ reporter }) => reporter))],
                },
                ...{
                  firstDay: failing[0] ?? today,
                  lastDay: failing.at(-1) ?? today,
                  continuing: (failing.at(-1) ?? "") >= day(atMs - 5 * DAY_MS),
                },
              },
              ...fresh,
            ],
          },
    reporterDays: known,
    watched: watchedAt(domain, { reports: before, has }, atMs),
    reportDays: [...new Set(known.filter((one) => one.day >= day(atMs - 28 * DAY_MS)).map((one) => one.day))],
  };
}

/** The same for each look at a day. */
function late({ day, reporter }: ReporterDay): number {
  return ((Date.parse(day) / DAY_MS) * 31 + reporter.length * 17) % 7 === 0 ? 30 * HOUR_MS : 3 * HOUR_MS;
}

/** Sessions by weekday, failures that vary from day to day, and now and then one queue that tries one mail many times. */
function drawReports(
  { sessionsADay, faults }: SimulatedDomain,
  startMs: number,
  random: () => number,
): ReporterDay[] {
  const drawn: ReporterDay[] = [];
  for (let index = 0; index < DAYS; index += 1) {
    const ms = startMs + index * DAY_MS;
    const day = new Date(ms).toISOString().slice(0, 10);
    const isOver = (kind: ScriptedFault["kind"]) =>
      faults.some((one) => one.kind === kind && ms + DAY_MS > one.fromMs && ms < one.untilMs);
    for (const [place, reporter] of REPORTERS.entries()) {
      const weekday = new Date(ms).getUTCDay() % 6 === 0 ? 0.4 : 1.2;
      const sessions = Math.round((sessionsADay / (place + 1)) * weekday * (0.5 + random()));
      const isSilent = isOver("silence") || (place === 0 && isOver("reporter"));
      if (sessions === 0 || isSilent || random() < 0.03) continue;
      const share =
        isOver("failures") || isOver("starttls") || isOver("expired") ? 0.5 : 0.001 * random() * 4;
      const burst = random() < 0.01 ? 5 + Math.floor(random() * 55) : 0;
      const usual = Math.round(sessions * share + random() - 0.5);
      drawn.push({
        reporter,
        day,
        sessions: sessions + burst,
        refused: Math.min(sessions + burst, Math.max(0, usual) + burst),
      });
    }
  }
  return drawn;
}
