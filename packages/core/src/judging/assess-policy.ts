import type { UnsafeCode, UnsafeReasonView } from "@waxseal/contract";
import { formatDay, formatInstant } from "@waxseal/contract/format-instant";
import { allowsMxHost, explainMxHostProblem, type Policy } from "@waxseal/mta-sts";
import { DAY_MS, DAY_SECONDS } from "@waxseal/runtime/time-spans";
import type { z } from "zod";
import type { FormerMxHost } from "../domains/find-former-mx.ts";
import { isMuchRefused, nameCause } from "./continuing-refusals.ts";
import type { SeenMxHost } from "./seen-mx-host.ts";
import type { PolicySimulation, RefusalCause } from "./simulate-policy.ts";

/** One reason against enforcing a policy now, in words for the owner. */
export type UnsafeReason = z.infer<typeof UnsafeReasonView>;

/** What was just seen of a domain. `mx`: which hosts receive its mail, `unknown` when DNS did not answer, `none` for a null MX. */
export type PolicySurroundings = {
  domain: string;
  mx: "unknown" | "none" | readonly SeenMxHost[];
  /** CNAMEs of the three that are not correct, by name. */
  missingNames: readonly string[];
  /** When the certificate of the policy host expires; null without one. */
  hostCertificateNotAfter: Date | null;
  simulation: PolicySimulation;
  /** Reports could not be asked: the simulation is of none. */
  areReportsAway: boolean;
  /** max_age of earlier versions in mode enforce; empty before the first. */
  earlierMaxAgeSeconds: readonly number[];
  /** Hosts that received the mail until lately: senders may still know the MX records of then. */
  formerMx: readonly FormerMxHost[];
  /** What the enforcing policy that is published now allows; empty in another mode. */
  enforcedMx: readonly string[];
};

/** A certificate that expires within these days may have expired before the owner reads a warning. */
const SOON_DAYS = 7;
const REPORTS_AWAY =
  "The reports cannot be reached at the moment, so nothing shows whether mail would be delivered. Try again in a moment.";
const EVIDENCE = { days: 7, sessions: 50, reporters: 2 };
const FIRST_MAX_AGE_DAYS = 30;
const MAX_AGE_FACTOR = 10;

/**
 * Every reason why enforcing this policy now could hold mail back, worst first. Empty in modes testing and none: the way out
 * is never stopped.
 *
 * `stop`: mail would be refused as far as we can see, or we could not look. `advise`: worth knowing before.
 *
 * RFC 8461 §4, §5
 */
export function assessPolicy(policy: Policy, seen: PolicySurroundings, now: Date): UnsafeReason[] {
  if (policy.mode !== "enforce") return [];
  const reasons = [
    ...assessMx(policy, seen, now),
    ...assessMove(policy, seen),
    ...assessReports(seen),
    ...assessHost(seen, now),
    ...assessMaxAge(policy, seen),
  ];
  return reasons.sort((a, b) => Number(a.level === "advise") - Number(b.level === "advise"));
}

/** `stop` when any reason stops, else `advise` when there is any. */
export function verdictOf(reasons: readonly UnsafeReason[]): "safe" | "advise" | "stop" {
  if (reasons.some(({ level }) => level === "stop")) return "stop";
  return reasons.length > 0 ? "advise" : "safe";
}

type Extras = Partial<Pick<UnsafeReason, "mxHost" | "sessions" | "share" | "since" | "lastSeenDay">>;

function reason(
  code: UnsafeCode,
  level: UnsafeReason["level"],
  text: string,
  extras: Extras = {},
): UnsafeReason {
  return {
    code,
    level,
    mxHost: null,
    sessions: null,
    share: null,
    since: null,
    lastSeenDay: null,
    text,
    ...extras,
  };
}

function assessMx(policy: Policy, { domain, mx }: PolicySurroundings, now: Date): UnsafeReason[] {
  if (mx === "unknown") {
    return [
      reason(
        "mx-unknown",
        "stop",
        `DNS gave no clear answer which hosts receive mail for ${domain}, so we cannot tell whether mail would be refused. Try again in a few minutes.`,
      ),
    ];
  }
  if (mx === "none" || mx.length === 0) {
    return [reason("null-mx", "advise", `${domain} accepts no mail, so there is nothing to enforce.`)];
  }
  const uncovered = mx.filter(({ mxHost }) => !allowsMxHost(policy.mx, mxHost));
  const usable = mx.filter(({ mxHost }) => !explainMxHostProblem(mxHost));
  return [...assessCoverage(domain, mx, uncovered), ...mx.flatMap(assessName), ...assessProbes(usable, now)];
}

function assessCoverage(
  domain: string,
  mx: readonly SeenMxHost[],
  uncovered: readonly SeenMxHost[],
): UnsafeReason[] {
  if (uncovered.length === 0) return [];
  if (uncovered.length === mx.length) {
    const text = `None of the hosts that receive mail for ${domain} is in the policy: senders would refuse all its mail. Add them to the policy.`;
    return [reason("mx-all-uncovered", "stop", text)];
  }
  return uncovered.map(({ mxHost }) =>
    reason(
      "mx-uncovered",
      "stop",
      `${mxHost} receives mail for ${domain} but is not in the policy: senders would not deliver to it. Add it to the policy.`,
      { mxHost },
    ),
  );
}

function assessName({ mxHost }: SeenMxHost): UnsafeReason[] {
  const explained = explainMxHostProblem(mxHost);
  if (!explained) return [];
  return [reason("mx-name-unusable", "stop", `${explained.problem} ${explained.fix}`, { mxHost })];
}

const FAULTS = {
  "no-starttls": ["mx-no-starttls", "does not offer encryption (STARTTLS). Turn it on at the mail server."],
  "certificate-expired": [
    "mx-certificate-expired",
    "presents an expired certificate. Renew it and reload the mail server.",
  ],
  "certificate-host-mismatch": [
    "mx-certificate-host-mismatch",
    "presents a certificate for another name. Install one that contains this name.",
  ],
  "certificate-not-trusted": [
    "mx-certificate-not-trusted",
    "presents a certificate that senders do not trust. Install one of a public CA, with its intermediate certificates.",
  ],
  "tls-too-old": ["mx-tls-too-old", "offers no TLS version above 1.1. Enable TLS 1.2 or 1.3."],
} as const satisfies Record<string, readonly [UnsafeCode, string]>;

function assessProbes(mx: readonly SeenMxHost[], now: Date): UnsafeReason[] {
  const isBlind = mx.length > 0 && mx.every(({ state }) => state === "unknown");
  return mx.flatMap((host): UnsafeReason[] => {
    const { mxHost } = host;
    if (host.state === "bad" && host.fault) {
      const [code, does] = FAULTS[host.fault];
      const text = `${mxHost} ${does}${describeAddresses(host)} Senders that enforce the policy would hold mail back.`;
      return [reason(code, "stop", text, { mxHost }), ...assessDane(host)];
    }
    if (host.state === "unknown") {
      const text = `${mxHost} could not be tested${host.detail ? `: ${host.detail}` : ""}. We do not know whether senders would refuse it.`;
      return [reason("mx-unknown", isBlind ? "stop" : "advise", text, { mxHost })];
    }
    return [...assessDane(host), ...assessExpiry(host, now)];
  });
}

function describeAddresses({ addressesGood, addressesAll }: SeenMxHost): string {
  if (addressesAll < 2 || addressesGood === 0) return "";
  return ` (${addressesGood} of its ${addressesAll} addresses are fine.)`;
}

function assessDane({ mxHost, dane }: SeenMxHost): UnsafeReason[] {
  if (dane !== "mismatch") return [];
  const text = `The TLSA record of ${mxHost} does not match its certificate. Senders that use DANE refuse it already, whatever this policy says.`;
  return [reason("dane-mismatch", "advise", text, { mxHost })];
}

function assessExpiry({ mxHost, certificateNotAfter }: SeenMxHost, now: Date): UnsafeReason[] {
  if (!certificateNotAfter || !isSoon(certificateNotAfter, now)) return [];
  const text = `The certificate of ${mxHost} expires on ${formatInstant(certificateNotAfter)}. Renew it before then, or mail will be refused.`;
  return [reason("mx-certificate-soon", "advise", text, { mxHost })];
}

/** A host that senders may still try stays in the policy until they do no longer. */
function assessMove(
  policy: Policy,
  { domain, mx, formerMx, enforcedMx }: PolicySurroundings,
): UnsafeReason[] {
  if (mx === "unknown") return [];
  return formerMx
    .filter(({ mxHost }) => !allowsMxHost(policy.mx, mxHost))
    .map(({ mxHost, lastSeenAt, until }) => {
      const isNarrowed = allowsMxHost(enforcedMx, mxHost);
      const text = `${mxHost} received mail for ${domain} until ${formatInstant(lastSeenAt)}. Senders that still have the old MX records would not deliver to it. ${isNarrowed ? "Keep" : "Allow"} it in the policy until ${formatInstant(until)}.`;
      return reason("mx-move-running", isNarrowed ? "stop" : "advise", text, { mxHost });
    });
}

function isSoon(notAfter: Date, now: Date): boolean {
  return notAfter.getTime() - now.getTime() < SOON_DAYS * DAY_MS;
}

function assessReports(surroundings: PolicySurroundings): UnsafeReason[] {
  const { domain, mx, simulation, earlierMaxAgeSeconds } = surroundings;
  if (surroundings.areReportsAway) return [reason("no-evidence", "stop", REPORTS_AWAY)];
  const { refusedSessions, refusedShare, reportDays, sessions, reporters } = simulation;
  const reasons: UnsafeReason[] = [];
  if (refusedSessions > 0) {
    const going = simulation.causes.filter((cause) => !isProvenOver(cause, mx));
    const stops = isMuchRefused(going, simulation);
    const worst = (stops ? going[0] : simulation.causes[0]) as RefusalCause;
    reasons.push(
      reason("would-refuse", stops ? "stop" : "advise", describeRefusals(simulation, worst, stops), {
        mxHost: worst.mxHost,
        sessions: refusedSessions,
        share: refusedShare,
        since: worst.firstDay,
        lastSeenDay: worst.lastDay,
      }),
    );
  }
  const isLittle =
    reportDays < EVIDENCE.days || sessions < EVIDENCE.sessions || reporters.length < EVIDENCE.reporters;
  if (isLittle && mx !== "none") {
    const isBlind = reportDays === 0 && earlierMaxAgeSeconds.length === 0;
    reasons.push(reason("no-evidence", isBlind ? "stop" : "advise", describeEvidence(domain, simulation)));
  }
  return reasons;
}

/** Whether the cause was not seen on the last days with sessions, and its host is good now or receives no mail any more. */
function isProvenOver({ mxHost, continuing }: RefusalCause, mx: PolicySurroundings["mx"]): boolean {
  if (continuing || typeof mx === "string") return false;
  const named = mx.filter((host) => mxHost === null || host.mxHost === mxHost);
  return named.every(({ state }) => state === "good");
}

function describeRefusals(
  { sessions, refusedSessions, refusedShare }: PolicySimulation,
  worst: RefusalCause,
  stops: boolean,
): string {
  const count = (number: number) => number.toLocaleString("en-US");
  const share = `${((refusedShare ?? 0) * 100).toFixed(1)}%`;
  const seen = `Of ${count(sessions)} connections in trusted reports of the last 14 days, ${count(refusedSessions)} (${share}) would have been refused: ${nameCause(worst)}`;
  return stops
    ? `${seen} (last seen on ${formatDay(worst.lastDay)}).`
    : `${seen}. Last seen on ${formatDay(worst.lastDay)}; it is over, or too rare to hold much mail back.`;
}

function describeEvidence(
  domain: string,
  { reportDays, sessions, reporters, refusedSessions, refusedShareAtMost }: PolicySimulation,
): string {
  if (reportDays === 0) {
    return `No trusted report about ${domain} has arrived yet, so nothing shows that mail would be delivered. Stay in testing until reports come; the first takes up to two days.`;
  }
  const from = reporters.length === 1 ? `1 sender (${reporters[0]})` : `${reporters.length} senders`;
  const bound =
    refusedShareAtMost === null || refusedSessions > 0
      ? ""
      : ` Up to ${(refusedShareAtMost * 100).toFixed(1)}% of mail could be refused without our seeing it.`;
  return `Reports cover ${reportDays} of the last 14 days, ${sessions.toLocaleString("en-US")} connections from ${from}: little to judge by.${bound}`;
}

function assessHost(
  { missingNames, hostCertificateNotAfter, domain }: PolicySurroundings,
  now: Date,
): UnsafeReason[] {
  const reasons: UnsafeReason[] = [];
  if (missingNames.length > 0) {
    const [verb, is] = missingNames.length === 1 ? ["CNAME", "is"] : ["CNAMEs", "are"];
    reasons.push(
      reason(
        "cname-missing",
        "advise",
        `The ${verb} at ${missingNames.join(", ")} ${is} not correct, so the policy or its reports do not work.`,
      ),
    );
  }
  if (hostCertificateNotAfter && isSoon(hostCertificateNotAfter, now)) {
    const text = `Our certificate for mta-sts.${domain} expires on ${formatInstant(hostCertificateNotAfter)} and is not renewed yet. Without it senders cannot fetch a new policy.`;
    reasons.push(reason("host-certificate-soon", "advise", text));
  }
  return reasons;
}

function assessMaxAge(policy: Policy, { earlierMaxAgeSeconds }: PolicySurroundings): UnsafeReason[] {
  const longest = Math.max(0, ...earlierMaxAgeSeconds);
  const isJump =
    longest > 0
      ? policy.maxAgeSeconds > longest * MAX_AGE_FACTOR
      : policy.maxAgeSeconds > FIRST_MAX_AGE_DAYS * DAY_SECONDS;
  if (!isJump) return [];
  const days = Math.round(policy.maxAgeSeconds / DAY_SECONDS);
  const how = longest > 0 ? "Raise it in steps" : "Start with two weeks";
  const text = `Senders would cache the policy for ${days} days (max_age). ${how}: a mistake lasts as long as they cache it.`;
  return [reason("max-age-jump", "advise", text)];
}
