import { expect, test } from "vitest";
import { judgeFailureRate, type ReporterDay } from "./judge-failure-rate.ts";

const TODAY = "2026-11-29";

/** Days before today: [reporter, days ago, sessions, refused]. */
function days(...rows: [string, number, number, number][]): ReporterDay[] {
  return rows.map(([reporter, ago, sessions, refused]) => ({
    reporter,
    day: new Date(Date.parse(`${TODAY}T00:00:00Z`) - ago * 86_400_000).toISOString().slice(0, 10),
    sessions,
    refused,
  }));
}

/** Some weeks of a reporter before the last three days. */
const usual = (reporter: string, sessions: number, refused: number) =>
  Array.from({ length: 28 }, (_, ago) => days([reporter, ago + 4, sessions, refused])).flat();

const calm = [...usual("Google", 300, 0), ...usual("Microsoft", 300, 0)];
const fine = days(["Google", 1, 300, 0], ["Google", 2, 300, 0], ["Google", 3, 300, 0]);

test.each<[string, ReporterDay[], string | null, string]>([
  ["nothing fails", [...calm, ...fine], null, "usual"],
  ["no report at all", [], null, "unclear"],
  [
    "two reporters are up",
    [...calm, ...days(["Google", 1, 300, 60], ["Microsoft", 1, 300, 60])],
    null,
    "failing",
  ],
  [
    "one reporter is up on one day",
    [...calm, ...fine.slice(1), ...days(["Google", 1, 300, 60])],
    null,
    "unclear",
  ],
  [
    "one reporter is up on two days",
    [...calm, ...days(["Google", 1, 300, 60], ["Google", 2, 300, 60])],
    null,
    "failing",
  ],
  [
    "below two percent",
    [...calm, ...days(["Google", 1, 300, 5], ["Microsoft", 1, 300, 5], ["Google", 2, 300, 5])],
    null,
    "usual",
  ],
  [
    "as many as ever, on every day",
    [
      ...usual("Google", 300, 60),
      ...days(["Google", 1, 300, 60], ["Google", 2, 300, 60], ["Google", 3, 300, 60]),
    ],
    null,
    "failing",
  ],
  [
    "as few as ever, on every day",
    [
      ...usual("Google", 300, 5),
      ...days(["Google", 1, 300, 5], ["Google", 2, 300, 5], ["Google", 3, 300, 5]),
    ],
    null,
    "usual",
  ],
  [
    "one queue that retries, at a reporter who varies",
    [
      ...usual("Google", 100, 0).map((one, index) => ({ ...one, refused: index % 7 === 0 ? 40 : 0 })),
      ...days(["Google", 1, 100, 40], ["Google", 2, 100, 0], ["Google", 3, 100, 0]),
    ],
    null,
    "usual",
  ],
  [
    "everything fails, of little mail, on two days",
    days(["Google", 1, 3, 3], ["Google", 2, 3, 3]),
    null,
    "total",
  ],
  ["everything fails, for two reporters", days(["Google", 1, 3, 3], ["Comcast", 1, 2, 2]), null, "total"],
  ["everything fails for one reporter on one day", days(["Google", 1, 9, 9]), null, "unclear"],
  ["everything fails, of four sessions", days(["Google", 1, 2, 2], ["Google", 2, 2, 2]), null, "unclear"],
  [
    "a low share over three days",
    [...usual("Google", 30, 0), ...days(["Google", 1, 30, 15], ["Google", 2, 30, 15], ["Google", 3, 30, 15])],
    null,
    "failing",
  ],
  [
    "today is not complete",
    [...calm, ...fine, ...days(["Google", 0, 300, 300], ["Microsoft", 0, 300, 300])],
    null,
    "usual",
  ],
  [
    "failures that are reported ten days late",
    days(["Google", 10, 300, 300], ["Google", 11, 300, 300]),
    null,
    "unclear",
  ],
  [
    "known failures that went on for weeks stay failures",
    [...usual("Google", 300, 60), ...days(["Google", 1, 300, 60], ["Google", 2, 300, 60])],
    days(["", 31, 0, 0])[0]?.day ?? "",
    "failing",
  ],
  [
    "one good day after failures",
    [...calm, ...days(["Google", 1, 300, 0], ["Google", 2, 300, 60], ["Google", 3, 300, 60])],
    null,
    "failing",
  ],
  ["three good days after failures", [...usual("Google", 300, 60), ...fine], null, "usual"],
])("failures: %s", (_, rows, since, rate) => {
  expect(judgeFailureRate(rows, TODAY, since)).toBe(rate);
});
