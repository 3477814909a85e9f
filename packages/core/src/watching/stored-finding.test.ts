import { expect, test } from "vitest";
import type { Finding } from "../judging/judge-domain.ts";
import { findingOf, readStoredFinding, storeFinding } from "./stored-finding.ts";

const NOT_AFTER = new Date("2026-04-01T00:00:00Z");
const EXPIRING: Finding = {
  ...{ code: "mx.expiring", subject: "mx1.example.com", severity: "warning", move: "mx-operator" },
  ...{ since: new Date("2026-03-20T00:00:00Z"), evidence: { notAfter: NOT_AFTER, isExpired: false } },
};
const FAILING: Finding = {
  ...{ code: "failures.new", subject: "s", severity: "warning", move: "mx-operator", since: null },
  evidence: {
    cause: {
      ...{ resultType: "certificate-expired", mxHost: null, sessions: 12, reporters: ["A", "B"] },
      ...{ firstDay: "2026-03-01", lastDay: "2026-03-09", continuing: true },
    },
  },
};
const asStored = (finding: Finding): unknown => JSON.parse(JSON.stringify(storeFinding(finding)));

test.each([
  ["with an instant", EXPIRING],
  ["with a cause", FAILING],
])("a finding %s is read from JSON as it was stored, without its time", (_name, finding) => {
  const { since: _, ...rest } = finding;
  expect(readStoredFinding(asStored(finding))).toStrictEqual(rest);
});

test("evidence that is not there is no key, so that two readings of one alert are alike", () => {
  const read = readStoredFinding(asStored({ ...EXPIRING, evidence: {} }));
  expect(Object.keys(read?.evidence ?? { a: 1 })).toEqual([]);
});

test.each<[string, unknown]>([
  ["nothing", null],
  ["a text", "mx.expiring"],
  ["a condition of another release", { ...Object(asStored(EXPIRING)), code: "mx.tooSlow" }],
  ["a severity of another release", { ...Object(asStored(EXPIRING)), severity: "fatal" }],
  ["evidence of another kind", { ...Object(asStored(EXPIRING)), evidence: { sessions: "many" } }],
])("%s is no finding, and no error", (_name, value) => {
  expect(readStoredFinding(value)).toBeNull();
});

test("an alert is the finding it was made from, since the instant it was first seen", () => {
  const { code: condition, subject, severity } = EXPIRING;
  const { evidence } = Object(asStored(EXPIRING));
  const firstSeenAt = new Date("2026-03-19T00:00:00Z");
  const alert = { condition, subject, severity, evidence, firstSeenAt } as Parameters<typeof findingOf>[0];
  expect(findingOf(alert)).toMatchObject({
    ...{ code: "mx.expiring", subject, severity, since: firstSeenAt },
    evidence: { notAfter: NOT_AFTER },
  });
  expect(findingOf({ ...alert, condition: "mx.tooSlow" })).toBeUndefined();
});
