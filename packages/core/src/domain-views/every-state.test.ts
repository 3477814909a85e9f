import { HEALTH_WORDS, healthWord } from "@waxseal/contract/health-words";
import type { Certificate, Domain, PolicyVersion, SetupRecord } from "@waxseal/db";
import { expect, test } from "vitest";
import { testCertificateName } from "../../testing/test-certificate-name.ts";
import type { DomainFacts } from "../domains/load-domain-facts.ts";
import { healthOf } from "../judging/health-of.ts";
import { type JudgedFacts, judgeDomain, type KnownMxHost } from "../judging/judge-domain.ts";
import { measureReadiness } from "../judging/measure-readiness.ts";
import type { PolicySimulation } from "../judging/simulate-policy.ts";
import type { RecordKind } from "../setup-names.ts";
import { toJudged } from "../watching/load-judged-facts.ts";
import { describeDomainState } from "./describe-domain-state.ts";
import { listHealthChecks } from "./list-health-checks.ts";
import { listReadinessSteps } from "./list-readiness-steps.ts";
import { presentHealth } from "./present-health.ts";

const NOW = new Date("2026-11-29T12:00:00Z");
const inDays = (days: number) => new Date(NOW.getTime() + days * 86_400_000);
const dayBefore = (days: number) => inDays(-days).toISOString().slice(0, 10);
const KEY = { accountId: "a", domainId: "d" };
const KINDS: readonly RecordKind[] = ["policyHost", "stsRecord", "tlsRptRecord"];

const STATUSES = ["pending", "active", "leaving", "left"] as const;
const RECORDS: Record<string, Partial<Record<RecordKind, Partial<SetupRecord>>>> = {
  correct: {},
  "host missing": { policyHost: { state: "missing" } },
  "all missing": {
    policyHost: { state: "missing" },
    stsRecord: { state: "missing" },
    tlsRptRecord: { state: "missing" },
  },
  "record wrong": { stsRecord: { state: "wrong", seen: "CNAME elsewhere.example" } },
  "record misplaced": { stsRecord: { state: "missing", misplaced: "_mta-sts.example.com.example.com" } },
  "reports elsewhere": { tlsRptRecord: { state: "wrong", seen: "TXT x" } },
  "no answer": { policyHost: { state: "unreachable" } },
  "broken DNSSEC": { stsRecord: { state: "unreachable", seen: "DNSSEC validation failed" } },
  unchecked: {
    policyHost: { state: "unchecked" },
    stsRecord: { state: "unchecked" },
    tlsRptRecord: { state: "unchecked" },
  },
};
const CERTIFICATES = {
  none: { state: "waiting" },
  first: { state: "failing", attempts: 1, lastErrorDetail: "CAA forbids it." },
  "first again": { state: "ordering", attempts: 1, lastErrorDetail: "CAA forbids it." },
  valid: { state: "issued", notAfter: inDays(60) },
  "not renewed": { state: "failing", attempts: 3, lastErrorDetail: "CAA forbids it.", notAfter: inDays(20) },
  expired: { state: "failing", attempts: 9, lastErrorDetail: "CAA forbids it.", notAfter: inDays(-2) },
  "expired and forgotten": { state: "issued", notAfter: inDays(-2) },
} as const;
const POLICIES = {
  enforce: { mode: "enforce", state: "live" },
  testing: { mode: "testing", state: "live" },
  none: { mode: "none", state: "live" },
  publishing: { mode: "testing", state: "publishing" },
  stuck: { mode: "enforce", state: "publishing", problem: "We got another policy." },
} as const;
const host = (mxHost: string, changes: Partial<KnownMxHost> = {}): KnownMxHost => ({
  mxHost,
  state: "good",
  fault: null,
  since: null,
  probedAt: inDays(-1),
  certificateNotAfter: inDays(60),
  dane: "none",
  ...changes,
});
const expired = { state: "bad", fault: "certificate-expired" } as const;
const PROBES: Record<string, KnownMxHost[]> = {
  none: [],
  good: [host("mx1.example.com"), host("mx2.example.com")],
  "good long ago": [host("mx1.example.com", { probedAt: inDays(-30) }), host("mx2.example.com")],
  unknown: [host("mx1.example.com", { state: "unknown" }), host("mx2.example.com", { state: "unknown" })],
  "one bad": [host("mx1.example.com", expired), host("mx2.example.com")],
  "all bad": [host("mx1.example.com", expired), host("mx2.example.com", expired)],
  expiring: [host("mx1.example.com", { certificateNotAfter: inDays(3) }), host("mx2.example.com")],
};
const daily = (last: number, refused: number) =>
  ["Google Inc.", "Microsoft"].flatMap((reporter) =>
    Array.from({ length: 14 }, (_, ago) => ({
      reporter,
      day: dayBefore(last + ago),
      sessions: 100,
      refused,
    })),
  );
const FAILURES: PolicySimulation = {
  reportDays: 14,
  reporters: ["Google Inc."],
  sessions: 2_800,
  refusedSessions: 1_120,
  refusedShare: 0.4,
  refusedShareAtMost: 0.42,
  causes: [
    {
      resultType: "certificate-expired",
      mxHost: "mx1.example.com",
      sessions: 1_120,
      reporters: ["Google Inc."],
      firstDay: dayBefore(14),
      lastDay: dayBefore(0),
      continuing: true,
    },
  ],
  withoutPolicySessions: 0,
};
const REPORTS = {
  none: { simulation: null, reporterDays: [] },
  daily: { simulation: null, reporterDays: daily(1, 0) },
  failing: { simulation: FAILURES, reporterDays: daily(1, 40) },
  silent: { simulation: null, reporterDays: daily(12, 0) },
} satisfies Record<string, Pick<JudgedFacts, "simulation" | "reporterDays">>;

type Choice = {
  status: (typeof STATUSES)[number];
  records: string;
  certificate: keyof typeof CERTIFICATES;
  policy: keyof typeof POLICIES;
  isCovered: boolean;
  probes: string;
  reports: keyof typeof REPORTS;
};

/** Of a domain that is not live nothing is said of its mail: few choices of that are enough. */
function isEnough({ status, probes, reports }: Choice): boolean {
  return (
    status === "active" || (["good", "one bad"].includes(probes) && ["none", "failing"].includes(reports))
  );
}

function* everyChoice(): Generator<Choice> {
  for (const status of STATUSES)
    for (const records of Object.keys(RECORDS))
      for (const certificate of Object.keys(CERTIFICATES) as Choice["certificate"][])
        for (const policy of Object.keys(POLICIES) as Choice["policy"][])
          for (const isCovered of [true, false])
            for (const probes of Object.keys(PROBES))
              for (const reports of Object.keys(REPORTS) as Choice["reports"][]) {
                const choice = { status, records, certificate, policy, isCovered, probes, reports };
                if (isEnough(choice)) yield choice;
              }
}

function factsOf({ status, records, certificate, policy, isCovered }: Choice): DomainFacts {
  const known: { notAfter?: Date } & (typeof CERTIFICATES)[Choice["certificate"]] = CERTIFICATES[certificate];
  const { notAfter, ...name } = known;
  const served: { problem?: string } & (typeof POLICIES)[Choice["policy"]] = POLICIES[policy];
  const row = {
    accountId: "a",
    id: "d",
    domain: "example.com",
    status,
    publishProblem: served.problem ?? null,
    publishedVersion: status === "pending" ? null : 1,
    activeAt: status === "pending" ? null : NOW,
    checkedAt: NOW,
    mxCheckedAt: NOW,
    mxHosts: [],
  } as unknown as Domain;
  const record = (kind: RecordKind): SetupRecord => ({
    ...KEY,
    kind,
    state: "correct",
    seen: null,
    misplaced: null,
    misdirected: null,
    checkedAt: NOW,
    correctSince: NOW,
    ...RECORDS[records]?.[kind],
  });
  return {
    row,
    records: Object.fromEntries(KINDS.map((kind) => [kind, record(kind)])) as DomainFacts["records"],
    certificateName: testCertificateName({ ...KEY, ...name }),
    certificate: notAfter && ({ notAfter, notBefore: inDays(-70), issuer: "Test CA" } as Certificate),
    policy: {
      mode: served.mode,
      state: served.state,
      mx: ["mx1.example.com"],
      publishedAt: NOW,
    } as PolicyVersion,
    uncoveredMxHosts: isCovered ? [] : ["mx2.example.com"],
  };
}

/** All that a domain's page says. */
function readPage(choice: Choice) {
  const facts = factsOf(choice);
  const reports = REPORTS[choice.reports];
  const reportDays = [...new Set(reports.reporterDays.map(({ day }) => day))];
  const judged: JudgedFacts = {
    ...toJudged(facts),
    ...reports,
    reportDays,
    mxHosts: PROBES[choice.probes] ?? [],
  };
  const findings = judgeDomain(judged, [], NOW);
  const health = presentHealth(healthOf(findings, judged), judged.mode);
  return {
    findings,
    health,
    ...describeDomainState(facts, inDays(7), health),
    checks: listHealthChecks(facts, judged, findings, NOW),
    steps: listReadinessSteps(facts, new Map()),
    readiness: measureReadiness(judged, findings.length === 0, NOW),
  };
}

/** What contradicts something else on the page. */
function contradictions(choice: Choice): string[] {
  const { findings, health, sentence, problem, checks, steps, readiness } = readPage(choice);
  const isMarked = checks.some(({ tone }) => tone === "bad" || tone === "notice");
  const isLive = choice.status === "active";
  const { mode } = POLICIES[choice.policy];
  // Steps are shown until a domain is active.
  const shownSteps = choice.status === "pending" ? steps.map(({ detail }) => detail) : [];
  const said = [sentence, ...shownSteps].join(" ");
  const certificate = checks.find(({ part }) => part === "certificate")?.word;
  const rules: [string, boolean][] = [
    ["a part is marked and the health is well", isMarked && !problem],
    ["the health is not well and no part is marked", problem && !isMarked],
    ["a finding is nowhere in the health", findings.length > 0 && !problem],
    [
      "good, and something is to be done",
      health.state === "good" && /Action needed|could not|expired|refused/.test(sentence),
    ],
    [
      "not well, and the sentence says that all is",
      isLive && problem && /^(?:Enforced|Testing|Mode none|In progress)/.test(sentence),
    ],
    [
      "nothing to do, and something to do",
      /nothing for you to do/.test(sentence) && /Action needed/.test(sentence),
    ],
    [
      "an expired certificate that is said to expire",
      /current one expires on/.test(sentence) && certificate === "Expired",
    ],
    [
      "an expired certificate that is valid",
      choice.certificate.startsWith("expired") && isLive && certificate === "Valid",
    ],
    [
      "held back without enforcing",
      mode !== "enforce" && /will not deliver|is being refused|do not deliver to it/.test(sentence),
    ],
    ["ready to enforce, and not well", readiness?.state === "ready" && health.state !== "good"],
    [
      "a step failed, and the health is well",
      choice.status === "pending" && steps.some(({ state }) => state === "failed") && !problem,
    ],
    [
      "a sentence that begins with the word of another health",
      Object.values(HEALTH_WORDS).some(
        (word) => sentence.startsWith(`${word}:`) && word !== healthWord({ health, status: choice.status }),
      ),
    ],
    ["something to do, and the health is well", !problem && /Action needed/.test(said)],
    ["waiting for DNS, and the health is not", health.state !== "waiting" && /Waiting for DNS/.test(said)],
    [
      "waiting for DNS, and nothing says for what",
      health.state === "waiting" &&
        !/^(?:Waiting for DNS|In progress|Reports come here|The DNS)/.test(sentence),
    ],
    ["waiting for DNS that is there", health.state === "waiting" && choice.records === "correct"],
    [
      "the reason is not in the sentence",
      isLive &&
        health.reason !== null &&
        !sentence.includes(health.reason) &&
        !sentence.startsWith("Action needed"),
    ],
    [
      "unknown is a fault",
      choice.records === "no answer" && findings.some(({ code }) => code.startsWith("cname.")),
    ],
    [
      "mail hosts are good, and one was not tested for weeks",
      ["unknown", "good long ago"].includes(choice.probes) &&
        checks.some(({ part, tone }) => part === "mx" && tone === "good"),
    ],
    [
      "a domain that left has findings",
      choice.status === "left" && (findings.length > 0 || health.state !== "off"),
    ],
  ];
  return rules.filter(([, isBroken]) => isBroken).map(([rule]) => rule);
}

test("no two sentences on a domain's page contradict each other, in any state of its parts", () => {
  const found = new Map<string, string>();
  let count = 0;
  for (const choice of everyChoice()) {
    count += 1;
    for (const rule of contradictions(choice))
      if (!found.has(rule))
        found.set(rule, `${Object.values(choice).join(", ")}: ${readPage(choice).sentence}`);
  }
  expect(Object.fromEntries(found)).toEqual({});
  expect(count).toBeGreaterThan(15_000);
});
