import { DAY_MS, HOUR_MS } from "@waxseal/runtime/time-spans";
import { expect, test } from "vitest";
import type { JudgedFacts } from "../judging/judge-domain.ts";
import { nextJudgementAt } from "./next-judgement-at.ts";

const NOW = new Date("2026-03-10T12:00:00Z");
const after = (ms: number) => new Date(NOW.getTime() + ms);

function facts(changes: Partial<JudgedFacts> = {}): JudgedFacts {
  return {
    status: "active",
    records: { tlsRptRecord: { state: "correct" } },
    certificate: null,
    mxHosts: [],
    reportDays: null,
    ...changes,
  } as unknown as JudgedFacts;
}
const certificate = (notBefore: Date, notAfter: Date) =>
  ({ isFailing: false, detail: null, notBefore, notAfter }) as JudgedFacts["certificate"];
const mx = (certificateNotAfter: Date) =>
  ({ mxHost: "mx.example.com", certificateNotAfter }) as JudgedFacts["mxHosts"][number];
const next = (given: JudgedFacts, steps: (Date | null)[] = [], random = 0) =>
  nextJudgementAt(given, steps, NOW, random);

test("a domain is judged again a day later at most, spread over an hour", () => {
  expect(next(facts())).toEqual(after(DAY_MS));
  expect(next(facts(), [], 0.5)).toEqual(after(DAY_MS + HOUR_MS / 2));
  expect(next(facts({ mxHosts: [mx(after(60 * DAY_MS))] }))).toEqual(after(DAY_MS));
});

test.each<[string, JudgedFacts, number]>([
  ["a mail host's certificate expires", facts({ mxHosts: [mx(after(HOUR_MS))] }), HOUR_MS],
  ["it comes within two weeks of it", facts({ mxHosts: [mx(after(14 * DAY_MS + HOUR_MS))] }), HOUR_MS],
  ["the first of several does", facts({ mxHosts: [mx(after(2 * HOUR_MS)), mx(after(HOUR_MS))] }), HOUR_MS],
  [
    "our own certificate expires",
    facts({ certificate: certificate(after(-90 * DAY_MS), after(HOUR_MS)) }),
    HOUR_MS,
  ],
  [
    "it comes within two days of it",
    facts({ certificate: certificate(after(-90 * DAY_MS), after(2 * DAY_MS + HOUR_MS)) }),
    HOUR_MS,
  ],
  [
    "the last sixth of its life begins",
    facts({ certificate: certificate(after(-50 * DAY_MS + HOUR_MS), after(10 * DAY_MS + HOUR_MS)) }),
    HOUR_MS,
  ],
])("it is judged when %s", (_name, given, ms) => {
  expect(next(given)).toEqual(after(ms));
});

test("it is judged when the next report is overdue", () => {
  const days = [
    "2026-02-27",
    "2026-02-28",
    "2026-03-01",
    "2026-03-02",
    "2026-03-03",
    "2026-03-04",
    "2026-03-05",
  ];
  // Daily reports: overdue when five days have passed since the day of the last one ended.
  expect(nextJudgementAt(facts({ reportDays: days }), [], new Date("2026-03-10T12:00:00Z"), 0)).toEqual(
    new Date("2026-03-11T00:00:00Z"),
  );
});

test("steps that are due later count, and those that are past or unknown do not", () => {
  expect(next(facts(), [null, after(-HOUR_MS), after(3 * HOUR_MS), after(2 * HOUR_MS)])).toEqual(
    after(2 * HOUR_MS),
  );
  expect(next(facts({ mxHosts: [mx(after(-DAY_MS))] }))).toEqual(after(DAY_MS));
  expect(next(facts(), [NOW])).toEqual(after(DAY_MS));
});

test("a domain that has left only has the daily look", () => {
  expect(next(facts({ status: "left", mxHosts: [mx(after(HOUR_MS))] }), [after(HOUR_MS)])).toEqual(
    after(DAY_MS),
  );
});
