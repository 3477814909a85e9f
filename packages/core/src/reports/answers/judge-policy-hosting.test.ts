import { expect, test } from "vitest";
import { type HostingEvidence, judgePolicyHosting } from "./judge-policy-hosting.ts";

const DAY = "2026-11-27";
const at = (text: string) => new Date(`${text}Z`);
const healthy: HostingEvidence = {
  domain: "orchard.example",
  days: [DAY],
  now: at("2026-11-29T06:00:00"),
  claimedAt: at("2026-10-01T00:00:00"),
  cname: [{ at: new Date(0), state: "correct" }],
  certificates: [{ from: at("2026-10-01T00:00:00"), until: at("2026-12-30T00:00:00") }],
  handshakes: [],
  clients: [],
  fetches: [],
  publishFailedDays: [],
  senderNetworks: [],
};
const fetched = (network: string, status = 200) => ({ day: DAY, status, network, fetches: 4 });
const handshake = (reason: string) => [{ day: DAY, reason, failures: 3 }];

const cases: [string, Partial<HostingEvidence>, fixedBy: string, sentence: RegExp][] = [
  [
    "no certificate in the handshake",
    { handshakes: handshake("no-certificate") },
    "us",
    /3 failed handshakes on 27 Nov 2026\. We had no certificate/,
  ],
  [
    "a certificate that could not be read",
    { handshakes: handshake("unavailable") },
    "us",
    /3 failed handshakes/,
  ],
  [
    "a certificate that expired at noon",
    { certificates: [{ from: at("2026-08-01T00:00:00"), until: at("2026-11-27T12:00:00") }] },
    "us",
    /no valid certificate for mta-sts\.orchard\.example on 27 Nov 2026, or not all day: it had expired on 27 Nov 2026/,
  ],
  [
    "a certificate that came after the old one had expired",
    {
      certificates: [
        { from: at("2026-11-27T14:00:00"), until: at("2027-02-01T00:00:00") },
        { from: at("2026-08-01T00:00:00"), until: at("2026-11-26T12:00:00") },
      ],
    },
    "us",
    /expired on 26 Nov 2026/,
  ],
  ["no certificate at all", { certificates: [] }, "us", /no valid certificate/],
  [
    "an error of our policy server",
    { fetches: [fetched("192.0.2.0/24", 503)] },
    "us",
    /4 requests on 27 Nov 2026 that it answered with an error/,
  ],
  [
    "a policy that was not there all day",
    { fetches: [fetched("192.0.2.0/24", 404)] },
    "us",
    /answered with an error/,
  ],
  [
    "publishing that failed",
    { publishFailedDays: [DAY] },
    "us",
    /could not publish a new policy on 27 Nov 2026/,
  ],
  [
    "a CNAME that pointed elsewhere until the morning",
    {
      cname: [
        { at: new Date(0), state: "wrong" },
        { at: at("2026-11-27T08:00:00"), state: "correct" },
      ],
      certificates: [],
    },
    "domain-owner",
    /^The CNAME record mta-sts\.orchard\.example did not point to Waxseal on 27 Nov 2026/,
  ],
  [
    "a CNAME that is missing",
    { cname: [{ at: at("2026-11-20T00:00:00"), state: "missing" }] },
    "domain-owner",
    /was missing on 27 Nov 2026/,
  ],
  [
    "a CNAME that went away later",
    {
      cname: [
        { at: new Date(0), state: "correct" },
        { at: at("2026-11-28T00:00:00"), state: "missing" },
      ],
    },
    "sender",
    /No request of this sender for the policy reached Waxseal on 27 Nov 2026/,
  ],
  [
    "a client with old roots",
    { handshakes: handshake("tlsv1-alert-unknown-ca") },
    "sender",
    /3 failed handshakes on 27 Nov 2026\. The client does not know the certificate authority/,
  ],
  [
    "a client without TLS 1.2",
    { handshakes: handshake("unsupported-protocol") },
    "sender",
    /only TLS below 1\.2/,
  ],
  [
    "handshakes that clients of the sender's own network broke off",
    {
      handshakes: handshake("tlsv1-alert-unknown-ca"),
      senderNetworks: ["192.0.2.0/24"],
      clients: [{ day: DAY, reason: "tlsv1-alert-unknown-ca", failures: 3, network: "192.0.2.0/24" }],
    },
    "sender",
    /3 failed handshakes from the sender's network on 27 Nov 2026/,
  ],
  [
    "handshakes given up, as scanners do",
    { handshakes: handshake("econnreset") },
    "unknown",
    /does not say whether one of them was this sender/,
  ],
  [
    "requests of the sender that were answered",
    { senderNetworks: ["192.0.2.0/24"], fetches: [fetched("192.0.2.0/24"), fetched("198.51.100.0/24")] },
    "sender",
    /4 requests from the sender's network on 27 Nov 2026, answered with the policy/,
  ],
  [
    "requests of others only",
    { senderNetworks: ["192.0.2.0/24"], fetches: [fetched("198.51.100.0/24")] },
    "sender",
    /No request of this sender for the policy reached Waxseal on 27 Nov 2026, while 4 requests of others were answered/,
  ],
  [
    "more networks than are kept apart",
    { senderNetworks: ["192.0.2.0/24"], fetches: [fetched("other")] },
    "sender",
    /4 requests on 27 Nov 2026, answered with the policy, and none that failed/,
  ],
  [
    "a scanner's wrong path beside good answers",
    { fetches: [fetched("198.51.100.0/24", 404), fetched("198.51.100.0/24")] },
    "sender",
    /none that failed/,
  ],
  [
    "what lies on other days",
    { handshakes: [{ day: "2026-11-26", reason: "no-certificate", failures: 3 }] },
    "sender",
    /No request/,
  ],
  [
    "days before the domain came here",
    { claimedAt: at("2026-11-28T00:00:00") },
    "unknown",
    /did not host the policy of orchard\.example on 27 Nov 2026/,
  ],
  ["a domain that is not hosted here", { claimedAt: null, certificates: [] }, "unknown", /did not host/],
  [
    "days that the logs do not reach back to",
    { now: at("2027-01-15T00:00:00"), certificates: [] },
    "unknown",
    /keeps its logs for 30 days/,
  ],
];

test.each(cases)(
  "RFC 8460 §4.3.2.2: a policy that could not be used is judged by our own logs: %s",
  (_name, change, fixedBy, sentence) => {
    const verdict = judgePolicyHosting({ ...healthy, ...change });
    expect([verdict.fixedBy, verdict.sentence]).toEqual([fixedBy, expect.stringMatching(sentence)]);
    expect(verdict.nextStep).toMatch(/^[A-Z].*\.$/);
  },
);

test("many days are named as three and how many more", () => {
  const days = ["2026-11-21", "2026-11-22", "2026-11-23", "2026-11-24", "2026-11-25"];
  expect(judgePolicyHosting({ ...healthy, days }).sentence).toContain(
    "on 21 Nov 2026, 22 Nov 2026, 23 Nov 2026 and 2 more days",
  );
});
