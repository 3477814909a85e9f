import { expect, test } from "vitest";
import { parse } from "yaml";
import { listFiles, readText } from "./repo-files.ts";

type Step = { uses?: string; run?: string };
type Job = { "timeout-minutes"?: number; steps: Step[]; permissions?: Record<string, string> };
type Workflow = { permissions?: Record<string, string>; jobs: Record<string, Job> };

const workflows = listFiles()
  .filter((path) => /^\.github\/workflows\/[\w-]+\.yml$/.test(path))
  .map((path): [string, Workflow] => [path, parse(readText(path))]);
const jobs = workflows.flatMap(([path, { jobs }]) =>
  Object.entries(jobs).map(([name, job]): [string, Job] => [`${path} ${name}`, job]),
);
const steps = jobs.flatMap(([name, { steps }]) => steps.map((step): [string, Step] => [name, step]));

test("workflows may only read, unless one job says what for, and every job ends", () => {
  expect(workflows.length).toBeGreaterThan(1);
  for (const [path, { permissions }] of workflows) expect(permissions, path).toEqual({ contents: "read" });
  for (const [name, job] of jobs) expect(job["timeout-minutes"], name).toBeLessThanOrEqual(60);
});

test("a workflow runs no action that its author could exchange later", () => {
  for (const [name, { uses }] of steps)
    if (uses) expect(uses, name).toMatch(/^actions\/[\w-]+@[0-9a-f]{40}$/);
});

test("a workflow calls only scripts that package.json has, and puts no text of an event into a shell", () => {
  const { scripts } = JSON.parse(readText("package.json")) as { scripts: Record<string, string> };
  const library = JSON.parse(readText("packages/mta-sts/package.json")) as {
    scripts: Record<string, string>;
  };
  for (const [name, { run = "" }] of steps) {
    const called = [...run.matchAll(/npm (?:run (\S+)|(test)\b)(.*)/g)];
    for (const [, script, test, rest = ""] of called) {
      const known = rest.includes("--workspace") ? library.scripts : scripts;
      expect(Object.keys(known), name).toContain(script ?? test);
    }
    expect(run, name).not.toMatch(/\$\{\{\s*github\.(?:event|head_ref)/);
  }
});

test("dependency updates look after every kind of dependency there is", () => {
  const { updates } = parse(readText(".github/dependabot.yml")) as {
    updates: { "package-ecosystem": string }[];
  };
  expect(updates.map((update) => update["package-ecosystem"])).toEqual([
    "npm",
    "github-actions",
    "docker-compose",
  ]);
});
