import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { readText, rootDir } from "./repo-files.ts";

type Packages = Record<string, { version?: string }>;

const { packages } = JSON.parse(readText("package-lock.json")) as { packages: Packages };
const { listNeeded, isUnusedPart } = (await import(`${rootDir}/apps/standalone/prune-image.mjs`)) as {
  listNeeded(packages: Packages): Set<string>;
  isUnusedPart(path: string): boolean;
};

test("the image keeps what the servers import, and neither Prisma's command line, a second Node nor what the dashboard is built from", () => {
  const needed = listNeeded(packages);
  const installed = (name: string) => needed.has(`node_modules/${name}`);
  const servers = [
    "pg",
    "fastify",
    "graphile-worker",
    "@prisma/client",
    "@prisma/adapter-pg",
    "smtp-server",
    "zod",
  ];
  expect(servers.filter((name) => !installed(name))).toEqual([]);
  const others = [
    "node",
    "prisma",
    "@prisma/engines",
    "typescript",
    "vite",
    "vitest",
    "react",
    "@mantine/core",
  ];
  expect(others.filter((name) => packages[`node_modules/${name}`] === undefined)).toEqual([]);
  expect(others.filter(installed)).toEqual([]);
});

/** Prints the address of every module that it loads. */
const LOADER = `import { registerHooks } from "node:module";
registerHooks({ load: (url, context, next) => (console.log(url), next(url, context)) });`;

test("every module that the servers load at the start is in the image", () => {
  const starts = ["api/src/start-api", "worker/src/start-worker", "report-ingest/src/start-report-ingest"];
  const script = starts.map((start) => `await import("${rootDir}/apps/${start}.ts");`).join("\n");
  const loader = `data:text/javascript,${encodeURIComponent(LOADER)}`;
  const args = ["--import", loader, "--input-type=module", "-e", script];
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    maxBuffer: 64 * 1024 ** 2,
  });
  const loaded = stdout
    .split("\n")
    .flatMap((url) => /^file:.*?\/((?:packages\/core\/)?node_modules\/.*)$/.exec(url)?.[1] ?? []);
  expect([loaded.length > 500, stderr]).toEqual([true, ""]);
  const needed = [...listNeeded(packages)];
  const missing = loaded.filter((path) => {
    const [, inPackage = ""] = /^.*?node_modules\/(.*)$/.exec(path) ?? [];
    return isUnusedPart(inPackage) || !needed.some((name) => path.startsWith(`${name}/`));
  });
  expect(missing).toEqual([]);
  for (const part of [
    "zod/README.md",
    "pino/test/basic.test.js",
    "@prisma/client/runtime/query_compiler_fast_bg.mysql.mjs",
  ])
    expect([part, isUnusedPart(part)]).toEqual([part, true]);
});
