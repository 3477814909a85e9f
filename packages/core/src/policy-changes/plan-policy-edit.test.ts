import type { Domain, PolicyVersion } from "@waxseal/db";
import { expect, test } from "vitest";
import { planPolicyEdit } from "./plan-policy-edit.ts";

type Edit = Parameters<typeof planPolicyEdit>[2];

const WEEK = 604_800;
const domain = (changes: Partial<Domain> = {}) =>
  ({
    ...{ accountId: "a1", id: "d1", domain: "example.com", status: "active", leavingAt: null },
    ...{ mxHosts: [{ mxHost: "mx1.example.com", preference: 10 }], mxCheckedAt: new Date("2026-03-01") },
    ...changes,
  }) as Domain;
const version = (changes: Partial<PolicyVersion> = {}) =>
  ({ mode: "testing", mx: ["mx1.example.com"], maxAgeSeconds: WEEK, ...changes }) as PolicyVersion;
const edit = (changes: Partial<Edit> = {}) => ({ addMx: [], removeMx: [], ...changes }) as Edit;
const plan = (changes: Partial<Edit>, newest = version(), of = domain()) =>
  planPolicyEdit(of, newest, edit(changes));
const BEFORE = { mode: "testing", mx: ["mx1.example.com"], maxAgeSeconds: WEEK };

test.each<[string, Partial<Edit>, object]>([
  ["a mode", { mode: "enforce" }, { mode: "enforce" }],
  ["a time", { maxAgeSeconds: 86_400 }, { maxAgeSeconds: 86_400 }],
  ["a pattern more", { addMx: ["mx2.example.com"] }, { mx: ["mx1.example.com", "mx2.example.com"] }],
  [
    "one pattern for another",
    { addMx: ["*.example.com"], removeMx: ["mx1.example.com"] },
    { mx: ["*.example.com"] },
  ],
])("%s is changed, and nothing else", (_name, changes, after) => {
  expect(plan(changes)).toEqual({
    ...{ state: "waiting", reason: null, before: BEFORE },
    after: { ...BEFORE, ...after },
  });
});

test.each<[string, Partial<Edit>]>([
  ["the mode it has", { mode: "testing" }],
  ["a pattern that is there", { addMx: ["mx1.example.com"] }],
  ["a pattern that is there, in other letters", { addMx: ["MX1.Example.com."] }],
  ["removing a pattern that is not there", { removeMx: ["mx9.example.com"] }],
])("%s changes nothing", (_name, changes) => {
  expect(plan(changes)).toMatchObject({ state: "unchanged", reason: null, before: BEFORE, after: BEFORE });
});

test("a pattern is removed whatever letters it is written in", () => {
  const two = version({ mx: ["mx1.example.com", "mx2.example.com"] });
  expect(plan({ removeMx: ["MX2.EXAMPLE.COM"] }, two).after?.mx).toEqual(["mx1.example.com"]);
});

test("a pattern that is added and removed at once is not in the policy", () => {
  expect(plan({ addMx: ["mx2.example.com"], removeMx: ["mx2.example.com"] }).state).toBe("unchanged");
});

test("a pattern that is added twice is in the policy once", () => {
  const mx = ["mx2.example.com", "MX2.example.com"];
  expect(plan({ addMx: mx }).after?.mx).toEqual(["mx1.example.com", "mx2.example.com"]);
});

test("RFC 8461 §4.1: enforcing is refused while a host that receives mail is not in the policy", () => {
  const more = domain({
    mxHosts: [
      { mxHost: "mx1.example.com", preference: 10 },
      { mxHost: "mx2.example.com", preference: 20 },
    ],
  });
  const refused = plan({ mode: "enforce" }, version(), more);
  expect(refused).toMatchObject({ state: "refused", before: BEFORE, after: { mode: "enforce" } });
  expect(refused.reason).toMatch(
    /^mx2\.example\.com receives mail for example\.com but is not in the policy/,
  );
  expect(plan({ mode: "enforce", addMx: ["mx2.example.com"] }, version(), more).state).toBe("waiting");
  expect(plan({ maxAgeSeconds: 86_400 }, version(), more).state).toBe("waiting");
});

test.each<[string, Partial<Edit>]>([
  ["no pattern is left", { removeMx: ["mx1.example.com"] }],
  ["the pattern cannot be one", { addMx: ["*"] }],
  ["the time is longer than a year", { maxAgeSeconds: 40_000_000 }],
])("what setPolicy would refuse is refused with its reason, where %s", (_name, changes) => {
  const refused = plan(changes);
  expect(refused.state).toBe("refused");
  expect(refused.reason).toMatch(/^[A-Z"*].*\w/);
  expect(refused.before).toEqual(BEFORE);
});

test("a domain without a policy is refused", () => {
  expect(planPolicyEdit(domain(), undefined, edit({ mode: "enforce" }))).toEqual({
    ...{ state: "refused", reason: "It has no policy yet.", before: null, after: null },
  });
});

test.each(["leaving", "left"] as const)("a domain that is %s is refused", (status) => {
  expect(plan({ maxAgeSeconds: 86_400 }, version(), domain({ status })).state).toBe("refused");
});
