import { expect, test } from "vitest";
import { explainSignUpRule, findSignUpProblems } from "./explain-sign-up-rule.ts";

const rule = (kind: "open" | "invitation" | "domains" | "closed", domains: string[] = []) => ({
  rule: kind,
  domains,
});

test.each([
  [rule("open"), false, undefined],
  [rule("closed"), false, "Sign-up is closed"],
  [rule("closed"), true, "Sign-up is closed"],
  [rule("invitation"), false, "Sign-up is by invitation"],
  [rule("invitation"), true, undefined],
  [rule("domains", ["a.example"]), true, undefined],
])("%j, invited: %s: the sign-up page says %s", (view, isInvited, title) => {
  expect(explainSignUpRule(view, { isInvited })?.title).toBe(title);
});

test("mail domains leave the form and name themselves; a long list is cut", () => {
  const few = explainSignUpRule(rule("domains", ["a.example", "b.example"]), { isInvited: false });
  expect(few).toMatchObject({ isRefused: false, detail: expect.stringContaining("a.example or b.example,") });
  const many = Array.from({ length: 9 }, (_, place) => `d${place}.example`);
  const cut = explainSignUpRule(rule("domains", many), { isInvited: false });
  expect(cut?.detail).toContain("d4.example or one of 4 other domains");
});

const draft = { name: "Ann", password: "a long enough password" };

test.each([
  ["ann@a.example", {}],
  [" Ann@A.Example ", {}],
  ["ann@b.example", { emailDomain: "Only addresses at a.example can sign up here." }],
  ["ann@x.a.example", { emailDomain: "Only addresses at a.example can sign up here." }],
  ["ann", { email: "Enter an email address such as you@example.com." }],
])("with sign-up for a.example, %s has problems %j", (email, problems) => {
  expect(findSignUpProblems({ ...draft, email }, rule("domains", ["a.example"]))).toEqual(problems);
});
