import { expect, test } from "vitest";
import { diffPolicyFiles } from "./diff-policy-files.ts";

const file = (mode: string, mx: string[], maxAge = 604_800) =>
  ["version: STSv1", `mode: ${mode}`, ...mx.map((host) => `mx: ${host}`), `max_age: ${maxAge}`, ""].join(
    "\r\n",
  );

const show = (before: string, after: string) =>
  diffPolicyFiles(before, after).map(
    ({ text, change }) => ({ added: "+", removed: "-", same: " " })[change] + text,
  );

test("a changed line is below the one it replaces, an equal line is there once", () => {
  expect(
    show(file("testing", ["a.example", "b.example"]), file("enforce", ["a.example", "c.example"])),
  ).toEqual([
    " version: STSv1",
    "-mode: testing",
    "+mode: enforce",
    " mx: a.example",
    "-mx: b.example",
    "+mx: c.example",
    " max_age: 604800",
  ]);
});

test("a removed line is among those of its kind", () => {
  expect(show(file("testing", ["a.example", "b.example"]), file("testing", ["a.example"]))).toEqual([
    " version: STSv1",
    " mode: testing",
    " mx: a.example",
    "-mx: b.example",
    " max_age: 604800",
  ]);
});

test("the same file twice has no change, and the first file is all new", () => {
  const policy = file("none", ["a.example"]);
  expect(diffPolicyFiles(policy, policy).every(({ change }) => change === "same")).toBe(true);
  expect(diffPolicyFiles("", policy).every(({ change }) => change === "added")).toBe(true);
});
