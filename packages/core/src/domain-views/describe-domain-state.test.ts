import { EVENT_KINDS } from "@waxseal/contract";
import type { Certificate, CertificateName, Domain, PolicyVersion, SetupRecord } from "@waxseal/db";
import { expect, test } from "vitest";
import { testCertificateName } from "../../testing/test-certificate-name.ts";
import { describeEvent } from "../audit/describe-event.ts";
import type { DomainFacts } from "../domains/load-domain-facts.ts";
import { healthOf } from "../judging/health-of.ts";
import { judgeDomain } from "../judging/judge-domain.ts";
import type { RecordKind } from "../setup-names.ts";
import { toJudged } from "../watching/load-judged-facts.ts";
import { describeDomainState } from "./describe-domain-state.ts";
import { listReadinessSteps } from "./list-readiness-steps.ts";
import { presentHealth } from "./present-health.ts";

const at = new Date("2026-01-01T00:00:00Z");

type Changes = {
  row?: Partial<Domain>;
  states?: Partial<Record<RecordKind, SetupRecord["state"]>>;
  certificateName?: Partial<CertificateName>;
  hasCertificate?: boolean;
  certificateNotAfter?: Date;
  policy?: Partial<PolicyVersion>;
  uncoveredMxHosts?: string[];
  misplaced?: string;
};

function facts(changes: Changes): DomainFacts {
  const key = { accountId: "a", domainId: "d" };
  const record = (kind: RecordKind): SetupRecord => {
    const state = changes.states?.[kind] ?? "correct";
    const correctSince = state === "correct" ? at : null;
    return {
      ...key,
      kind,
      state,
      misplaced: state === "missing" ? (changes.misplaced ?? null) : null,
      misdirected: null,
      seen: state === "wrong" ? "CNAME elsewhere.example" : null,
      checkedAt: at,
      correctSince,
    };
  };
  const name = testCertificateName({ ...key, state: "issued", stateSince: at, ...changes.certificateName });
  const certificate: Certificate = {
    accountId: "a",
    id: "c",
    host: "mta-sts.example.com",
    chainPem: "",
    keyJwe: "",
    issuer: "Test CA",
    serial: "1",
    fingerprint256: "",
    notBefore: at,
    notAfter: changes.certificateNotAfter ?? new Date("2026-04-01T00:00:00Z"),
    directoryUrl: "",
    createdAt: at,
  };
  return {
    row: {
      accountId: "a",
      id: "d",
      domain: "example.com",
      token: "t",
      status: "active",
      createdAt: at,
      activeAt: at,
      leavingAt: null,
      leftAt: null,
      servedVersion: 1,
      publishedVersion: 1,
      mxHosts: [],
      mxCheckedAt: at,
      mxUncounted: null,
      nextMxLookAt: at,
      checkedAt: at,
      nextCheckAt: null,
      checkAttempts: 0,
      dnsZone: null,
      nameservers: [],
      publishProblem: null,
      publishHold: null,
      health: "good",
      healthReason: null,
      healthSince: null,
      healthChangedAt: null,
      enforceReadyAt: null,
      judgedAt: null,
      judgeAt: at,
      ...changes.row,
    },
    records: {
      policyHost: record("policyHost"),
      stsRecord: record("stsRecord"),
      tlsRptRecord: record("tlsRptRecord"),
    },
    certificateName: name,
    certificate: changes.hasCertificate === false ? undefined : certificate,
    policy: {
      ...key,
      version: 1,
      policyId: "1",
      mode: "enforce",
      mx: [],
      maxAgeSeconds: 1_209_600,
      state: "live",
      createdAt: at,
      createdBy: "",
      publishedAt: at,
      lastServedAt: null,
      ...changes.policy,
    },
    uncoveredMxHosts: changes.uncoveredMxHosts ?? [],
  };
}

const pending = { status: "pending", activeAt: null, publishedVersion: null } as const;
const failing = {
  state: "failing",
  lastErrorDetail: "CAA forbids it",
  nextAttemptAt: new Date("2026-01-01T01:00:00Z"),
} as const;

const held = {
  state: "waiting",
  nextAttemptAt: at,
  heldUntil: new Date("2026-01-01T02:00:00Z"),
  heldReason: "The CA allows 5 a week; all of them are used.",
} as const;

const all = { policyHost: "missing", stsRecord: "missing", tlsRptRecord: "missing" } as const;

const states: [RegExp, boolean, Changes][] = [
  [
    /^In progress – nothing for you to do: we are looking up/,
    false,
    { row: pending, states: { policyHost: "unchecked" } },
  ],
  [
    /^Waiting for DNS: publish the CNAMEs at mta-sts\.example\.com, _mta-sts/,
    false,
    { row: pending, states: all },
  ],
  [
    /^Action needed: the CNAME of mta-sts\.example\.com is at mta-sts\.example\.com\.example\.com; correct its name\./,
    true,
    { row: pending, states: { policyHost: "missing" }, misplaced: "mta-sts.example.com.example.com" },
  ],
  [
    /^Reports come here\. To host the policy here too, publish the CNAMEs at mta-sts\.example\.com and _mta-sts\./,
    false,
    { row: pending, states: { ...all, tlsRptRecord: "correct" } },
  ],
  [
    /^Waiting for DNS: publish the CNAME at mta-sts\.example\.com\. We look for it automatically\.$/,
    false,
    { row: pending, states: { policyHost: "missing" } },
  ],
  [
    /^Action needed: mta-sts\.example\.com does not point to us but answers CNAME elsewhere/,
    true,
    { row: pending, states: { policyHost: "wrong" } },
  ],
  [/does not answer/, false, { row: pending, states: { policyHost: "unreachable" } }],
  [
    /^In progress – nothing for you to do: the certificate/,
    false,
    { row: pending, hasCertificate: false, certificateName: { state: "ordering" } },
  ],
  [
    /^The certificate of .* is ordered at 1 Jan 2026, 02:00 UTC\. The CA allows 5 a week; all of them are used\./,
    false,
    { row: pending, hasCertificate: false, certificateName: held },
  ],
  [
    /^No certificate .*: CAA forbids it\. We try again at 1 Jan 2026, 01:00 UTC\./,
    true,
    { row: pending, hasCertificate: false, certificateName: failing },
  ],
  [
    /^Waiting for DNS: publish the CNAME at _mta-sts\.example\.com\./,
    false,
    { row: pending, states: { stsRecord: "missing" } },
  ],
  [
    /^In progress: the .*being issued\. Waiting for DNS: publish the CNAME at _mta-sts\.example\.com\./,
    false,
    { row: pending, hasCertificate: false, states: { stsRecord: "missing" } },
  ],
  [/^In progress – nothing for you to do: the policy is being published/, false, { row: pending }],
  [/could not be published yet\. Why\./, true, { row: { ...pending, publishProblem: "Why." } }],
  [/^Enforced:/, false, {}],
  [/^Testing:/, false, { policy: { mode: "testing" } }],
  [/^Enforced: .* No reports come in: the CNAME at _smtp/, false, { states: { tlsRptRecord: "missing" } }],
  [/^Enforced: .* Reports do not come here: _smtp/, false, { states: { tlsRptRecord: "wrong" } }],
  [
    /^Enforced: .*\. The DNS of example\.com does not answer for _smtp/,
    false,
    { states: { tlsRptRecord: "unreachable" } },
  ],
  [/^Action needed: the CNAME at _mta-sts\.example\.com is gone/, true, { states: { stsRecord: "missing" } }],
  [/could not be renewed; the current one expires on 1 Apr 2026/, true, { certificateName: failing }],
  [/^mx3\.example\.com .*will not deliver/, true, { uncoveredMxHosts: ["mx3.example.com"] }],
  [
    /^_dc-mx\.1a\.example\.com is a name that Cloudflare .*“DNS only”\. Until then senders report/,
    true,
    { uncoveredMxHosts: ["_dc-mx.1a.example.com"], policy: { mode: "testing" } },
  ],
  [/report it as a failure/, true, { uncoveredMxHosts: ["mx3.example.com"], policy: { mode: "testing" } }],
  [/^Mode none/, false, { uncoveredMxHosts: ["mx3.example.com"], policy: { mode: "none" } }],
  [/^In progress .* a new policy is on its way/, false, { policy: { state: "publishing" } }],
  [
    /^The certificate of mta-sts\.example\.com expired on 31 Dec 2025/,
    true,
    { certificateNotAfter: new Date("2025-12-31T00:00:00Z") },
  ],
  [
    /^Action needed: the CNAME at _mta-sts\.example\.com is gone; .*Leaving: keep the CNAMEs/,
    true,
    { row: { status: "leaving" }, states: { stsRecord: "missing" } },
  ],
  [/^Leaving: keep the CNAMEs until 8 Jan 2026, 00:00 UTC/, false, { row: { status: "leaving" } }],
  [/^MTA-STS is off .* You can delete/, false, { row: { status: "left" } }],
];

test.each(states)("the state of a domain says who has to act: %s", (sentence, problem, changes) => {
  const known = facts(changes);
  const judged = { ...toJudged(known), mxHosts: [], simulation: null, reporterDays: [], reportDays: [] };
  const health = presentHealth(healthOf(judgeDomain(judged, [], at), judged), judged.mode);
  const state = describeDomainState(known, new Date("2026-01-08T00:00:00Z"), health);
  expect(state).toEqual({ sentence: expect.stringMatching(sentence), problem });
});

test("the steps to active are done up to one that is current or failed, and the rest wait", () => {
  const steps = (changes: Changes) => listReadinessSteps(facts(changes), new Map()).map(({ state }) => state);
  expect(steps({})).toEqual(["done", "done", "done", "done", "done", "done"]);
  expect(steps({ row: pending, states: { policyHost: "missing" }, hasCertificate: false })).toEqual([
    "current",
    ...Array.from({ length: 5 }, () => "waiting"),
  ]);
  expect(
    steps({ row: pending, hasCertificate: false, certificateName: { state: "preflight" } }).slice(0, 3),
  ).toEqual(["done", "current", "waiting"]);
  expect(steps({ row: pending, hasCertificate: false, certificateName: failing }).slice(0, 3)).toEqual([
    "done",
    "failed",
    "waiting",
  ]);
  expect(steps({ row: pending }).slice(2, 5)).toEqual(["done", "current", "waiting"]);
});

test.each([
  ["ordering", /asking the certificate authority/],
  ["validating", /is checking the name/],
  ["finalizing", /is being signed/],
] as const)(
  "while the certificate is %s the step says so, and that nothing is asked of the owner",
  (state, detail) => {
    const changes = { row: pending, hasCertificate: false, certificateName: { state } };
    const step = listReadinessSteps(facts(changes), new Map()).find((one) => one.step === "certificate");
    expect(step).toMatchObject({ state: "current", detail: expect.stringMatching(detail) });
    expect(step?.detail).toMatch(/^In progress: /);
  },
);

test("every kind of event has words, also without its data", () => {
  for (const kind of EVENT_KINDS) expect(describeEvent(kind, {})).toMatch(/^[A-Z].*\.$/);
  expect(describeEvent("unknown.kind", {})).toBe("Something else was changed.");
});
