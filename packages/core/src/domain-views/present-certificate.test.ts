import { expect, test } from "vitest";
import { testCertificateName } from "../../testing/test-certificate-name.ts";
import { findHeld } from "./present-certificate.ts";

const at = (hour: number) => new Date(Date.UTC(2026, 0, 1, hour));

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
  expect(findHeld(testCertificateName(changes))).toEqual(expected);
});
