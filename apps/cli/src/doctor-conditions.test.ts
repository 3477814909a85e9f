import { expect, test } from "vitest";
import { checkConditions } from "./doctor-conditions.ts";

const now = Date.parse("2026-03-01T12:00:00Z");
const ofProcess = { subject: "policy-server on a, process 7", text: "It cannot write." };

test("doctor: without a condition all is well", () => {
  expect(checkConditions([], now).map(({ state }) => state)).toEqual(["ok"]);
});

test.each([
  ["a minute ago", ofProcess, 60, "It cannot write."],
  ["four minutes ago", ofProcess, 240, "It cannot write. It said so 4 minutes ago, and not since."],
  ["four minutes ago", { subject: "outgoing mail", text: "Mails wait." }, 240, "Mails wait."],
])(
  "doctor: what was seen %s of %o is dated when its process may have ended",
  (_when, about, seconds, text) => {
    const seenAt = new Date(now - seconds * 1_000);
    expect(checkConditions([{ ...about, seenAt }], now)).toMatchObject([{ state: "wrong", text }]);
  },
);
