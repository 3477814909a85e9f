import { expect, test } from "vitest";
import { describeProven } from "./describe-proven.ts";

const sum = (reports: number, sessions: number) => ({
  reports,
  successfulSessions: sessions,
  failedSessions: 0,
});
const of = (aligned: number, signed: number, unsigned: number) => ({
  aligned: sum(aligned, aligned * 100),
  signed: sum(signed, signed * 100),
  unsigned: sum(unsigned, unsigned * 100),
});

test.each([
  ["aligned", of(3, 0, 0), /^All reports of this period are proven/, undefined],
  ["any", of(3, 0, 0), /^All reports of this period are proven/, undefined],
  [
    "aligned",
    of(3, 0, 1),
    /proven reports only.*Another 100 sessions \(25% of all\) are in 1 report /,
    "any",
  ],
  ["aligned", of(2, 1, 1), /Another 200 sessions \(50% of all\) are in 2 reports /, "any"],
  ["any", of(3, 1, 0), /count all reports\. 100 sessions \(25% of all\) are in 1 report /, "aligned"],
  ["any", of(0, 1, 1), /^No report of this period is proven/, undefined],
  ["signed", of(3, 1, 0), /Anyone can send such a report/, "aligned"],
  ["unsigned", of(3, 0, 1), /Anyone can send such a report/, "aligned"],
] as const)(
  "RFC 8460 §5.3: the page says in words how much is proven: %s, %j",
  (shown, byTrust, words, other) => {
    const described = describeProven(shown, byTrust);
    expect(described.sentence).toMatch(words);
    expect(described.other?.trust).toBe(other);
    expect(described.tone).toBe(
      /^(?:All|These figures count proven)/.test(described.sentence) ? "idle" : "notice",
    );
  },
);

test("no division by zero where proven and unproven reports list no session", () => {
  const empty = { aligned: sum(1, 0), signed: sum(0, 0), unsigned: sum(1, 0) };
  expect(describeProven("aligned", empty).sentence).toMatch(/Another 0 sessions are in 1 report /);
});
