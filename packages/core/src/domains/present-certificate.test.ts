import type { CertificateName } from "@waxseal/db";
import { expect, test } from "vitest";
import { findHeld } from "./present-certificate.ts";

const at = (hour: number) => new Date(Date.UTC(2026, 0, 1, hour));

function nameWith(changes: Partial<CertificateName>): CertificateName {
  return {
    accountId: "a1",
    host: "mta-sts.example.com",
    domainId: null,
    state: "waiting",
    stateSince: at(0),
    attempts: 0,
    nextAttemptAt: null,
    lastErrorCode: null,
    lastErrorDetail: null,
    lastErrorAt: null,
    leaseOwner: null,
    leaseUntil: null,
    directoryUrl: null,
    orderUrl: null,
    orderKeyJwe: null,
    orderStartedAt: null,
    currentCertificateId: null,
    renewAt: null,
    heldUntil: null,
    heldReason: null,
    windowStart: null,
    windowEnd: null,
    askWindowAt: null,
    ...changes,
  };
}

test.each([
  ["nothing holds it", {}, null],
  ["a limit does", { heldUntil: at(2), heldReason: "The limit." }, { until: at(2), reason: "The limit." }],
  [
    "the limit lasts longer than the wait after a failure",
    { heldUntil: at(2), heldReason: "The limit.", nextAttemptAt: at(1) },
    { until: at(2), reason: "The limit." },
  ],
  [
    "a failure since then decides",
    { heldUntil: at(2), heldReason: "The limit.", nextAttemptAt: at(3) },
    null,
  ],
] as const)("what holds an order back is said: %s", (_, changes, expected) => {
  expect(findHeld(nameWith(changes))).toEqual(expected);
});
