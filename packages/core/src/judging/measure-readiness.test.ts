import { expect, test } from "vitest";
import type { JudgedFacts } from "./judge-domain.ts";
import type { ReporterDay } from "./judge-failure-rate.ts";
import { measureReadiness } from "./measure-readiness.ts";

const NOW = new Date("2026-11-29T12:00:00Z");
const dayBefore = (days: number) => new Date(NOW.getTime() - days * 86_400_000).toISOString().slice(0, 10);

/** Some reporters on each of so many days before today. */
function daily(count: number, sessions: number, reporters = ["Google", "Microsoft"]): ReporterDay[] {
  return Array.from({ length: count }, (_, ago) =>
    reporters.map((reporter) => ({ reporter, day: dayBefore(ago + 1), sessions, refused: 0 })),
  ).flat();
}

const refused = (ago: number, count: number): ReporterDay => ({
  reporter: "Google",
  day: dayBefore(ago),
  sessions: 100,
  refused: count,
});

test.each<[string, ReporterDay[], boolean, string]>([
  ["no report yet", [], true, "collecting"],
  ["nine days", daily(9, 100), true, "collecting"],
  ["ten days of much mail", daily(10, 100), true, "ready"],
  ["little mail", daily(14, 3), true, "unsure"],
  ["one sender", daily(14, 100, ["Google"]), true, "unsure"],
  ["failures lately", [...daily(14, 100), refused(2, 1)], true, "failing"],
  ["one failure of thousands, over for a week", [...daily(14, 100), refused(7, 1)], true, "ready"],
  ["many failures, over for a week", [...daily(14, 100), refused(7, 90)], true, "unsure"],
  ["a finding that reports do not show", daily(14, 100), false, "failing"],
  ["older reports do not count", daily(40, 100).filter(({ day }) => day < dayBefore(14)), true, "collecting"],
])("ready to enforce: %s", (_, reporterDays, isWell, state) => {
  const facts = { status: "active", mode: "testing", reporterDays, reportDays: [] } as unknown as JudgedFacts;
  const measured = measureReadiness(facts, isWell, NOW);
  expect(measured).toMatchObject({ state });
  expect(measured?.progress === 1 || state !== "ready").toBe(true);
  expect(measured?.text).toMatch(/^[A-Z0-9].*\.$/);
  expect(measureReadiness({ ...facts, mode: "enforce" }, isWell, NOW)).toBeNull();
});
