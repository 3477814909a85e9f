import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { readText, rootDir } from "./repo-files.ts";

const readme = readText("README.md");
const contributing = readText(".github/CONTRIBUTING.md");

test("the README is under 300 lines and holds at most a dozen decisions of three lines", () => {
  expect(readme.split("\n").length).toBeLessThan(300);
  const decisions = readme.split(/^## Decisions$/m)[1]?.split(/^## /m)[0] ?? "";
  const entries = decisions.split(/^(?=\* )/m).filter((entry) => entry.startsWith("* "));
  expect(entries.length).toBeGreaterThan(0);
  expect(entries.length).toBeLessThanOrEqual(12);
  for (const entry of entries) expect(entry.trim().split("\n").length, entry).toBeLessThanOrEqual(3);
});

test("CONTRIBUTING has at most 120 lines", () => {
  expect(contributing.split("\n").length).toBeLessThanOrEqual(120);
});

test.each([
  ["README.md", readme],
  [".github/CONTRIBUTING.md", contributing],
])("every npm script that %s names exists", (_, text) => {
  const { scripts } = JSON.parse(readText("package.json")) as { scripts: Record<string, string> };
  const named = [...text.matchAll(/npm (?:run )?([a-z][a-z0-9:-]*)/g)].map((match) => match[1] ?? "");
  const builtIn = new Set(["ci", "install", "run", "registry"]);
  expect(named.filter((name) => !builtIn.has(name) && !(name in scripts))).toEqual([]);
});

test.each([
  ["README.md", readme],
  [".github/CONTRIBUTING.md", contributing],
])("every path that %s names exists", (_, text) => {
  const paths = [...text.matchAll(/`((?:apps|packages|prisma|\.github|\.ci)\/[\w./-]*)`/g)].map(
    (match) => match[1] ?? "",
  );
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)\)/g)].map((match) => match[1] ?? "");
  expect([...paths, ...links].filter((path) => !existsSync(`${rootDir}/${path}`))).toEqual([]);
});
