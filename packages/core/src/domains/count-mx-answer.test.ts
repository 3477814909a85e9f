import { expect, test } from "vitest";
import { countMxAnswer, isSameMx, type SecondOpinion, type UncountedMx } from "./count-mx-answer.ts";

const mx = (...names: string[]) => names.map((mxHost) => ({ mxHost, preference: 10 }));
type Look = [minute: number, answer: string[], opinion: SecondOpinion];

/** Whether the last of these looks, all of which differ from what is stored, counts. */
function countsAfter(...looks: Look[]): boolean {
  let uncounted: UncountedMx | null = null;
  let counts = false;
  for (const [minute, answer, opinion] of looks) {
    ({ counts, uncounted } = countMxAnswer(mx(...answer), opinion, uncounted, new Date(minute * 60_000)));
  }
  return counts;
}

test.each<[string, boolean, Look[]]>([
  ["a second opinion that agrees is enough", true, [[0, ["new.example"], "agrees"]]],
  ["a second opinion that disagrees ends it", false, [[0, ["new.example"], "disagrees"]]],
  ["one look without a second opinion is not enough", false, [[0, ["new.example"], "none"]]],
  [
    "the same answer nine minutes later is not enough",
    false,
    [
      [0, ["new.example"], "none"],
      [9, ["new.example"], "none"],
    ],
  ],
  [
    "the same answer ten minutes later is",
    true,
    [
      [0, ["new.example"], "none"],
      [10, ["new.example"], "none"],
    ],
  ],
  [
    "another answer starts the ten minutes again",
    false,
    [
      [0, ["new.example"], "none"],
      [5, ["other.example"], "none"],
      [12, ["other.example"], "none"],
    ],
  ],
  [
    "a contradicted answer starts the ten minutes again",
    false,
    [
      [0, ["new.example"], "none"],
      [5, ["new.example"], "disagrees"],
      [12, ["new.example"], "none"],
    ],
  ],
  ["that there is no mail host waits although all name servers say so", false, [[0, [], "agrees"]]],
  [
    "and counts when it lasts",
    true,
    [
      [0, [], "agrees"],
      [10, [], "agrees"],
    ],
  ],
])("changed MX hosts: %s", (_, counts, looks) => {
  expect(countsAfter(...looks)).toBe(counts);
});

test("preferences and order are no change of MX hosts", () => {
  const before = [
    { mxHost: "mx1.example.com", preference: 10 },
    { mxHost: "mx2.example.com", preference: 20 },
  ];
  const swapped = before.map(({ mxHost, preference }) => ({ mxHost, preference: 30 - preference })).reverse();
  expect(isSameMx(before, swapped)).toBe(true);
  expect(isSameMx(before, before.slice(1))).toBe(false);
});
