import { expect, test } from "vitest";
import { isMuchRefused, nameCause } from "./continuing-refusals.ts";
import { NOT_IN_POLICY, type RefusalCause } from "./simulate-policy.ts";

const cause = (sessions: number): RefusalCause => ({
  resultType: "certificate-expired",
  mxHost: "mx1.example.com",
  sessions,
  reporters: [],
  firstDay: "2026-03-01",
  lastDay: "2026-03-02",
  continuing: true,
});

test.each([
  ["three sessions are enough to act on", [3], 100, 3, true],
  ["two are not, however large their share", [2], 2, 2, false],
  ["half a percent is enough", [5], 1_000, 5, true],
  ["less is not, however many they are", [499], 100_000, 499, false],
  ["causes add up", [2, 1], 100, 10, true],
  ["never to more than were refused: one session may fail twice", [2, 2], 100, 2, false],
  ["no cause", [], 100, 50, false],
  ["no sessions are no division by zero", [3], 0, 3, true],
])("%s", (_name, sessions, all, refusedSessions, isMuch) => {
  expect(isMuchRefused(sessions.map(cause), { sessions: all, refusedSessions })).toBe(isMuch);
});

test("a cause is named in words, with its host when the reports name one", () => {
  expect(nameCause(cause(1))).toBe("expired certificate at mx1.example.com");
  expect(nameCause({ resultType: NOT_IN_POLICY, mxHost: null })).toBe("host not in the policy");
  expect(nameCause({ resultType: "starttls-not-supported", mxHost: "" })).toBe("no encryption offered");
  expect(nameCause({ resultType: "something-new", mxHost: null })).toBe("something-new");
});
