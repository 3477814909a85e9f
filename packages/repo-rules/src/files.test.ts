import { basename, dirname } from "node:path";
import { expect, test } from "vitest";
import { listFiles, listSources, readText } from "./repo-files.ts";

const FORBIDDEN = /^(utils|helpers|common|misc|lib|types|shared|constants)\.tsx?$/;
const MAY_REPEAT = new Set(["main.ts", "app.ts", "config.ts", "index.ts", "main.tsx"]);
const TOP_LEVEL = new Set(["apps", "packages", "prisma", ".github", ".ci"]);

test("no file is named for nothing", () => {
  expect(listSources().filter((path) => FORBIDDEN.test(basename(path)))).toEqual([]);
});

test("a file name is found once in the repository", () => {
  const seen = new Map<string, string[]>();
  for (const path of listSources()) {
    if (!MAY_REPEAT.has(basename(path)))
      seen.set(basename(path), [...(seen.get(basename(path)) ?? []), path]);
  }
  expect([...seen.values()].filter((paths) => paths.length > 1)).toEqual([]);
});

test("files stay readable: at most 320 lines, 420 for tests and tables", () => {
  const long = listSources().filter((path) => {
    const limit =
      /\.test\.|fixtures|\/e2e\/|\/(bench|drills)\/|settings\.ts$|result-types\.ts$|quirks\.ts$/.test(path)
        ? 420
        : 320;
    return readText(path).split("\n").length > limit;
  });
  expect(long).toEqual([]);
});

test("builders, fakes and fuzzers live in testing/, beside src/", () => {
  const testCode = /\/src\/.*\/?(?:(?:create|start|run|open)-test-|test-|fuzz-)[\w-]*\.ts$/;
  const inSource = listSources().filter((path) => testCode.test(path) && !path.endsWith(".test.ts"));
  expect(inSource.filter((path) => !path.startsWith("packages/sandbox/"))).toEqual([]);
});

test("a TODO names its issue", () => {
  const bare = listSources().filter(
    (path) => !path.startsWith("packages/repo-rules/") && /TODO(?!\(#)/.test(readText(path)),
  );
  expect(bare).toEqual([]);
});

test("the top level holds the known folders and no others", () => {
  const folders = new Set(
    listFiles()
      .filter((path) => path.includes("/"))
      .map((path) => path.split("/")[0] ?? ""),
  );
  expect([...folders].filter((folder) => !TOP_LEVEL.has(folder))).toEqual([]);
});

test("the lock file names no download host", () => {
  expect(readText("package-lock.json")).not.toMatch(/"resolved": "http/);
});

test("source files are beside their tests", () => {
  const files = new Set(listSources());
  const orphans = [...files].filter((path) => {
    if (!/\/src\/.*\.test\.tsx?$/.test(path)) return false;
    return ![...files].some((other) => other !== path && dirname(other) === dirname(path));
  });
  expect(orphans).toEqual([]);
});

/** A verb asks for a permission first, and then changes rows. */
const WRITES = /inTransaction\(|\$transaction\(|\$executeRaw|\.(?:create|update|delete|upsert)(?:Many)?\(/;

test("each verb of core that writes is called by a test of core", () => {
  const core = listSources().filter((path) => path.startsWith("packages/core/src/"));
  const isTest = (path: string) => path.endsWith(".test.ts");
  // Whether a role is refused says nothing about what a verb does.
  const tests = core.filter((path) => isTest(path) && !path.endsWith("/require-permission.test.ts"));
  const called = new Set(
    tests.flatMap((path) =>
      [...readText(path).matchAll(/ from ".*\/([\w-]+\.ts)"/g)].map(([, name]) => name),
    ),
  );
  const verbs = core.filter((path) => {
    if (isTest(path)) return false;
    const text = readText(path);
    return text.includes("requirePermission(ctx") && WRITES.test(text);
  });
  expect(verbs.length).toBeGreaterThan(30);
  expect(verbs.filter((path) => !called.has(basename(path)))).toEqual([]);
});
