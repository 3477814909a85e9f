#!/usr/bin/env node
// The sources are TypeScript, which Node runs as it is from version 24 on. An older Node starts the one that npm installed.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

if (Number(process.versions.node.split(".")[0]) >= 24) {
  await import(main);
} else {
  const node = findInstalledNode();
  if (!node) {
    process.stderr.write("waxseal needs Node 24: run `npm ci` first, or start it with a newer Node.\n");
    process.exit(1);
  }
  const { status, signal } = spawnSync(node, [main, ...process.argv.slice(2)], { stdio: "inherit" });
  if (signal) process.kill(process.pid, signal);
  process.exit(status ?? 1);
}

function findInstalledNode() {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve("node/package.json"));
    return ["bin/node", "bin/node.exe"].map((name) => join(folder, name)).find((path) => existsSync(path));
  } catch {
    return undefined;
  }
}
