import { expect, test } from "vitest";
import { describeWaiting } from "./describe-waiting.ts";

const NAMES = ["mta-sts.a.example", "_mta-sts.a.example", "_smtp._tls.a.example"];
const setup = (...states: ("correct" | "missing" | "wrong" | "unchecked" | "unreachable")[]) => ({
  setup: states.map((state, index) => ({ name: NAMES[index] ?? "", state })),
  publishHold: null,
  health: { state: "waiting" as const },
});
const complete = setup("correct", "correct", "correct");

test.each([
  [setup("missing", "missing", "missing"), "waiting", "Waiting for the three records"],
  [setup("unchecked", "unchecked", "unchecked"), "waiting", "Waiting for the three records"],
  [setup("correct", "missing", "correct"), "waiting", "2 of 3 found. Waiting for _mta-sts.a.example"],
  [
    setup("correct", "unreachable", "missing"),
    "waiting",
    "1 of 3 found. Waiting for _mta-sts.a.example and _smtp._tls.a.example",
  ],
  [setup("correct", "wrong", "missing"), "notice", "Correct _mta-sts.a.example"],
  [
    setup("correct", "correct", "correct"),
    "working",
    "All records are in place: we order the certificate and publish the policy",
  ],
  [
    { ...complete, health: { state: "needs-action" as const } },
    "notice",
    "All records are in place, but something is in the way",
  ],
  [
    { ...complete, publishHold: "mx-all-uncovered" as const },
    "notice",
    "All records are in place, but the policy is held back",
  ],
] as const)("what the set-up waits for: %j", (domain, tone, title) => {
  expect(describeWaiting(domain)).toMatchObject({ tone, title });
});
