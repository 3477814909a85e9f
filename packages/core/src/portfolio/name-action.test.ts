import { expect, test } from "vitest";
import { describeIncident } from "../alerting/describe-incident.ts";
import { FINDING_CODES } from "../judging/judge-domain.ts";
import { nameAction } from "./name-action.ts";

test.each(FINDING_CODES)("%s has a button, a title, an explanation and an action of its own", (condition) => {
  expect(nameAction(condition)).not.toBe(nameAction("unknown"));
  const alert = {
    condition,
    severity: "warning",
    subject: "mail.host.test",
    domain: "example.com",
    evidence: {},
  };
  const words = describeIncident([alert], true);
  const unknown = describeIncident([{ ...alert, condition: "unknown" }], true);
  expect(words.title).toMatch(/example\.com|mail\.host\.test/);
  expect(words.title).not.toBe(unknown.title);
  for (const text of [words.text, words.action]) expect(text).toMatch(/^\S.*[.)]$/s);
  expect(describeIncident([alert, { ...alert, domain: "example.net" }], true).title).not.toContain(
    "example.com",
  );
});

test("a condition of a newer release, and none, lead to the domain", () => {
  for (const code of ["newer.condition", null]) expect(nameAction(code)).toBe("Open the domain");
});
