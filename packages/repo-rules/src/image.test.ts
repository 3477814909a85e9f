import { expect, test } from "vitest";
import { readText, rootDir } from "./repo-files.ts";

type Packages = Record<string, { version?: string }>;

const { packages } = JSON.parse(readText("package-lock.json")) as { packages: Packages };
const { listNeeded } = (await import(`${rootDir}/apps/standalone/prune-image.mjs`)) as {
  listNeeded(packages: Packages): Set<string>;
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
