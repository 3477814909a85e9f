import fc from "fast-check";
import { expect, test } from "vitest";
import { NOT_IN_POLICY, simulatePolicy, type TrustedReport } from "./simulate-policy.ts";

type Policy = TrustedReport["policies"][number];
const CANDIDATE = { mx: ["mx1.example.com", "*.mail.example.com"] };

function detail(resultType: string, mxHost: string | null, failedSessions: number | null) {
  return {
    resultType,
    knownResultType: true,
    sendingMtaIp: null,
    receivingMxHost: mxHost,
    receivingMxHelo: null,
    receivingIp: null,
    failedSessions,
    additionalInfo: null,
    failureReasonCode: null,
  };
}

function sts(successful: number, failed: number, ...failureDetails: Policy["failureDetails"]): Policy {
  return {
    policyType: "sts",
    mxHostPatterns: [],
    successfulSessions: successful,
    failedSessions: failed,
    failureDetails,
  };
}

function on(reportDay: string, ...policies: Policy[]): TrustedReport {
  return { reporter: "Google Inc.", reportDay, policies };
}

test("RFC 8461 §5: what enforcing senders refuse is counted by result and MX host, with its first and last day", () => {
  const reports = [
    on("2026-11-20", sts(90, 10, detail("certificate-expired", "mx1.example.com", 10))),
    on("2026-11-21", sts(95, 5, detail("certificate-expired", "MX1.example.com.", 5))),
  ];
  expect(simulatePolicy(reports, CANDIDATE)).toMatchObject({
    reportDays: 2,
    reporters: ["Google Inc."],
    sessions: 200,
    refusedSessions: 15,
    refusedShare: 0.075,
    causes: [
      {
        resultType: "certificate-expired",
        mxHost: "mx1.example.com",
        sessions: 15,
        firstDay: "2026-11-20",
        lastDay: "2026-11-21",
        continuing: true,
      },
    ],
  });
});

test.each([
  ["starttls-not-supported", 4],
  ["certificate-host-mismatch", 4],
  ["certificate-not-trusted", 4],
  ["validation-failure", 4],
  // Without a policy the sender delivered; DANE is refused whatever the mode.
  ["sts-policy-fetch-error", 0],
  ["sts-webpki-invalid", 0],
  ["sts-policy-invalid", 0],
  ["tlsa-invalid", 0],
  ["dnssec-invalid", 0],
  ["dane-required", 0],
])("RFC 8460 §4.3: of 4 sessions with %s enforcement refuses %d", (resultType, refused) => {
  const report = on("2026-11-20", sts(96, 4, detail(resultType, "mx1.example.com", 4)));
  expect(simulatePolicy([report], CANDIDATE).refusedSessions).toBe(refused);
});

test("RFC 8461 §4.1: a failure at a host that the candidate does not allow is refused for that reason", () => {
  const report = on("2026-11-20", sts(96, 4, detail("validation-failure", "old.example.com", 4)));
  expect(simulatePolicy([report], CANDIDATE).causes).toMatchObject([
    { resultType: NOT_IN_POLICY, mxHost: "old.example.com", sessions: 4 },
  ]);
});

test("a host that only the sender's older policy lacked is not refused under the candidate", () => {
  const policy = sts(96, 4, detail("certificate-host-mismatch", "mx1.example.com", 4));
  const held = { ...policy, mxHostPatterns: ["other.example.com"] };
  expect(simulatePolicy([on("2026-11-20", held)], CANDIDATE).refusedSessions).toBe(0);
  const same = { ...policy, mxHostPatterns: ["mx1.example.com"] };
  expect(simulatePolicy([on("2026-11-20", same)], CANDIDATE).refusedSessions).toBe(4);
});

test("RFC 8460 §4.4: details that exceed the total of their policy count up to that total", () => {
  const details = [
    detail("certificate-expired", "mx1.example.com", 5),
    detail("validation-failure", "mx1.example.com", 5),
  ];
  expect(simulatePolicy([on("2026-11-20", sts(95, 5, ...details))], CANDIDATE).refusedSessions).toBe(5);
});

test("sessions under DANE and without a policy are not sessions that enforcement would have judged", () => {
  const report = on(
    "2026-11-20",
    sts(10, 0),
    { ...sts(100, 2, detail("certificate-expired", null, 2)), policyType: "tlsa" },
    { ...sts(7, 1, detail("starttls-not-supported", null, 1)), policyType: "no-policy-found" },
  );
  expect(simulatePolicy([report], CANDIDATE)).toMatchObject({
    sessions: 10,
    refusedSessions: 0,
    withoutPolicySessions: 8,
  });
});

test("a cause that was not seen on the last five days with sessions is over", () => {
  const broken = on("2026-11-10", sts(90, 10, detail("certificate-expired", "mx1.example.com", 10)));
  const good = ["2026-11-11", "2026-11-13", "2026-11-14", "2026-11-18"].map((day) => on(day, sts(100, 0)));
  expect(simulatePolicy([broken, ...good], CANDIDATE).causes[0]?.continuing).toBe(true);
  const silent = on("2026-11-19", sts(0, 0));
  expect(simulatePolicy([broken, ...good, silent], CANDIDATE).causes[0]?.continuing).toBe(true);
  const fifth = on("2026-11-20", sts(100, 0));
  expect(simulatePolicy([broken, ...good, fifth], CANDIDATE).causes[0]?.continuing).toBe(false);
});

test("without reports nothing is known: no share, and no bound but 100 %", () => {
  expect(simulatePolicy([], CANDIDATE)).toMatchObject({
    refusedShare: null,
    refusedShareAtMost: null,
    sessions: 0,
  });
});

test("never more sessions are refused than failed, whatever reports say", () => {
  const count = fc.option(fc.nat(1_000), { nil: null });
  const policy = fc.record({
    policyType: fc.constantFrom("sts", "tlsa", "no-policy-found", "other"),
    mxHostPatterns: fc.constantFrom([], ["mx1.example.com"], ["old.example.com"]),
    successfulSessions: count,
    failedSessions: count,
    failureDetails: fc.array(
      fc
        .tuple(
          fc.constantFrom("certificate-expired", "tlsa-invalid", "sts-policy-fetch-error", "odd"),
          fc.constantFrom("mx1.example.com", "old.example.com", null),
          count,
        )
        .map(([type, host, sessions]) => detail(type, host, sessions)),
      { maxLength: 4 },
    ),
  });
  const reports = fc.array(
    fc.record({
      reporter: fc.constantFrom("a", "b"),
      reportDay: fc.constant("2026-11-20"),
      policies: fc.array(policy),
    }),
  );
  fc.assert(
    fc.property(reports, (all) => {
      const { sessions, refusedSessions } = simulatePolicy(all, CANDIDATE);
      expect(refusedSessions).toBeLessThanOrEqual(sessions);
    }),
  );
});
