import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const script = fileURLToPath(new URL("ensure-test-tools.ts", import.meta.url));
const run = (path: string) =>
  spawnSync(process.execPath, [script], { env: { PATH: path }, encoding: "utf8" });

test("where every program is installed it says nothing and succeeds", () => {
  const { status, stderr } = run("/usr/bin:/bin:/usr/sbin:/sbin");
  expect([status, stderr]).toEqual([0, ""]);
});

test("where programs are missing and cannot be installed, one message names them all and the tests do not start", () => {
  const { status, stderr } = run("/nonexistent");
  expect(status).toBe(1);
  for (const command of ["pebble", "pebble-challtestsrv", "mta-sts-query", "chromium", "kdig"]) {
    expect(stderr).toContain(`${command} (package `);
  }
  expect(stderr).toMatch(/apt-get install .*pebble.*postfix-mta-sts-resolver/);
});
