import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { claimDataDir } from "./claim-data-dir.ts";

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "waxseal-claim-"));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

test("the file of running processes is readable by its owner only, since it names secrets", () => {
  claimDataDir(dataDir).publish({ env: { SECRET_KEYS: "k1:x" }, apps: { api: 1 } });
  const file = join(dataDir, "running.json");
  expect(statSync(file).mode & 0o077).toBe(0);
  expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({
    pid: process.pid,
    env: { SECRET_KEYS: "k1:x" },
  });
});

test("a folder left behind by a process that is gone is claimed", () => {
  writeFileSync(join(dataDir, "running.json"), JSON.stringify({ pid: 4_194_303 }));
  expect(() => claimDataDir(dataDir)).not.toThrow();
});

test("a folder that cannot be written is refused with one sentence that names it", () => {
  const file = join(dataDir, "file");
  writeFileSync(file, "");
  expect(() => claimDataDir(join(file, "below"))).toThrow(
    `The data folder ${join(file, "below")} cannot be made`,
  );
});
