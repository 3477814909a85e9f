import { UNSAFE_CODES } from "@waxseal/contract";
import type { Policy } from "@waxseal/mta-sts";
import { expect, test } from "vitest";
import { assessPolicy, type PolicySurroundings, verdictOf } from "./assess-policy.ts";
import type { SeenMxHost } from "./seen-mx-host.ts";
import type { PolicySimulation, RefusalCause } from "./simulate-policy.ts";

const NOW = new Date("2026-11-29T10:00:00Z");
const inDays = (days: number) => new Date(NOW.getTime() + days * 86_400_000);
const WEEK_SECONDS = 604_800;
const POLICY: Policy = {
  mode: "enforce",
  mx: ["mx1.example.com", "mx2.example.com"],
  maxAgeSeconds: WEEK_SECONDS,
};

function host(mxHost: string, changes: Partial<SeenMxHost> = {}): SeenMxHost {
  return {
    mxHost,
    state: "good",
    fault: null,
    detail: null,
    certificateNotAfter: inDays(60),
    dane: "none",
    addressesGood: 2,
    addressesAll: 2,
    ...changes,
  };
}

const bad = (fault: SeenMxHost["fault"]) =>
  host("mx2.example.com", { state: "bad", fault, addressesGood: 0 });

const CLEAN: PolicySimulation = {
  reportDays: 14,
  reporters: ["Google Inc.", "Microsoft Corporation"],
  sessions: 9_701,
  refusedSessions: 0,
  refusedShare: 0,
  refusedShareAtMost: 0.0004,
  causes: [],
  withoutPolicySessions: 0,
};

const CAUSE: RefusalCause = {
  resultType: "certificate-expired",
  mxHost: "mx2.example.com",
  sessions: 899,
  reporters: ["Google Inc."],
  firstDay: "2026-11-20",
  lastDay: "2026-11-27",
  continuing: true,
};

function refusing(cause: Partial<RefusalCause> = {}): PolicySimulation {
  const whole = { ...CAUSE, ...cause };
  const { sessions: refusedSessions } = whole;
  return { ...CLEAN, refusedSessions, refusedShare: refusedSessions / CLEAN.sessions, causes: [whole] };
}

const FINE: PolicySurroundings = {
  domain: "example.com",
  mx: [host("mx1.example.com"), host("mx2.example.com")],
  missingNames: [],
  hostCertificateNotAfter: inDays(60),
  simulation: CLEAN,
  areReportsAway: false,
  earlierMaxAgeSeconds: [],
  formerMx: [],
  enforcedMx: [],
};

const FORMER = [{ mxHost: "old.example.com", lastSeenAt: inDays(-1), until: inDays(1) }];

type Case = [string, Partial<PolicySurroundings>, ("stop" | "advise" | "safe")?, Partial<Policy>?];

/** For each code what it takes and the level that it then has. */
const CASES: Case[] = [
  ["mx-all-uncovered", { mx: [host("mx9.example.com")] }],
  ["mx-uncovered", { mx: [host("mx1.example.com"), host("mx9.example.com")] }],
  ["mx-no-starttls", { mx: [host("mx1.example.com"), bad("no-starttls")] }],
  ["mx-certificate-expired", { mx: [host("mx1.example.com"), bad("certificate-expired")] }],
  ["mx-certificate-host-mismatch", { mx: [host("mx1.example.com"), bad("certificate-host-mismatch")] }],
  ["mx-certificate-not-trusted", { mx: [host("mx1.example.com"), bad("certificate-not-trusted")] }],
  ["mx-tls-too-old", { mx: [host("mx1.example.com"), bad("tls-too-old")] }],
  [
    "mx-name-unusable",
    { mx: [host("mx1.example.com"), host("_dc-mx.0f00.example.com", { state: "unknown" })] },
  ],
  ["mx-unknown", { mx: "unknown" }],
  ["mx-unknown", { mx: [host("mx1.example.com", { state: "unknown", detail: "no answer on port 25" })] }],
  ["would-refuse", { simulation: refusing() }],
  ["no-evidence", { simulation: { ...CLEAN, reportDays: 0, reporters: [], sessions: 0 } }],
  ["mx-unknown", { mx: [host("mx1.example.com"), host("mx2.example.com", { state: "unknown" })] }, "advise"],
  ["would-refuse", { simulation: refusing({ sessions: 2 }) }, "advise"],
  ["would-refuse", { simulation: refusing({ sessions: 40 }) }, "advise"],
  ["would-refuse", { simulation: refusing({ continuing: false }) }, "advise"],
  ["no-evidence", { simulation: { ...CLEAN, reportDays: 6 } }, "advise"],
  ["no-evidence", { simulation: { ...CLEAN, sessions: 49 } }, "advise"],
  ["no-evidence", { simulation: { ...CLEAN, reporters: ["Google Inc."] } }, "advise"],
  [
    "no-evidence",
    { simulation: { ...CLEAN, reportDays: 0, sessions: 0 }, earlierMaxAgeSeconds: [WEEK_SECONDS] },
    "advise",
  ],
  ["dane-mismatch", { mx: [host("mx1.example.com", { dane: "mismatch" })] }, "advise"],
  ["mx-certificate-soon", { mx: [host("mx1.example.com", { certificateNotAfter: inDays(6) })] }, "advise"],
  ["host-certificate-soon", { hostCertificateNotAfter: inDays(6) }, "advise"],
  ["cname-missing", { missingNames: ["_smtp._tls.example.com"] }, "advise"],
  ["no-evidence", { areReportsAway: true }, "stop"],
  ["max-age-jump", {}, "advise", { maxAgeSeconds: 31 * 86_400 }],
  ["max-age-jump", { earlierMaxAgeSeconds: [86_400] }, "advise", { maxAgeSeconds: 11 * 86_400 }],
  ["null-mx", { mx: "none" }, "advise"],
  ["mx-move-running", { formerMx: FORMER, enforcedMx: ["*.example.com"] }],
  ["mx-move-running", { formerMx: FORMER, enforcedMx: [] }, "advise"],
];

test.each(CASES)(
  "RFC 8461 §5: enforcing over %s (case %#) is stopped or advised against",
  (code, changes, level = "stop", policy = {}) => {
    const reasons = assessPolicy({ ...POLICY, ...policy }, { ...FINE, ...changes }, NOW);
    expect(reasons.map((reason) => [reason.code, reason.level])).toContainEqual([code, level]);
    expect(verdictOf(reasons)).toBe(level);
    for (const { text } of reasons) {
      expect(text).toMatch(/^[A-Za-z0-9_].*[.)]$/);
      expect(text).not.toMatch(/undefined|null|NaN|\d{4}-\d{2}-\d{2}/);
    }
  },
);

test("every code has a case", () => {
  expect(new Set(CASES.map(([code]) => code))).toEqual(new Set(UNSAFE_CODES));
});

test("a former mail host that the policy still allows is no reason", () => {
  const policy = { ...POLICY, mx: ["*.example.com"] };
  expect(assessPolicy(policy, { ...FINE, formerMx: FORMER, enforcedMx: policy.mx }, NOW)).toEqual([]);
});

test("a domain with two good hosts and two weeks of good reports is safe to enforce", () => {
  expect(assessPolicy(POLICY, FINE, NOW)).toEqual([]);
  expect(verdictOf([])).toBe("safe");
});

test.each(["testing", "none"] as const)(
  "mode %s is never stopped, whatever is wrong: it is the way out",
  (mode) => {
    for (const [, changes] of CASES) {
      expect(assessPolicy({ ...POLICY, mode, mx: [] }, { ...FINE, ...changes }, NOW)).toEqual([]);
    }
  },
);

test("the reason says how much would have been refused, of what, and since when", () => {
  const [reason] = assessPolicy(POLICY, { ...FINE, simulation: refusing() }, NOW);
  expect(reason).toMatchObject({ sessions: 899, since: "2026-11-20", lastSeenDay: "2026-11-27" });
  expect(reason?.text).toBe(
    "Of 9,701 connections in trusted reports of the last 14 days, 899 (9.3%) would have been refused: expired certificate at mx2.example.com (last seen on 27 Nov 2026).",
  );
});

test("a past cause blocks while its host is bad, and no longer once the host is gone", () => {
  const simulation = refusing({ continuing: false });
  const level = (mx: SeenMxHost[]) =>
    assessPolicy(POLICY, { ...FINE, simulation, mx }, NOW).find(({ code }) => code === "would-refuse")?.level;
  expect(level([host("mx1.example.com"), host("mx2.example.com", { state: "unknown" })])).toBe("stop");
  expect(level([host("mx1.example.com"), host("mx2.example.com")])).toBe("advise");
  expect(level([host("mx1.example.com")])).toBe("advise");
});

test("stops come before advice", () => {
  const mx = [host("mx1.example.com", { certificateNotAfter: inDays(2) }), bad("no-starttls")];
  expect(assessPolicy(POLICY, { ...FINE, mx }, NOW).map(({ level }) => level)).toEqual(["stop", "advise"]);
});
