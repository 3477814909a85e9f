import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { openStateFiles } from "./open-state-files.ts";

const CLAIM = `
  const { openStateFiles } = await import(process.argv[1]);
  const files = openStateFiles({ stateDir: process.argv[2], app: "app", extension: "state" });
  console.log(files.claim());
  setInterval(() => files, 1_000);`;

async function claimInProcess(stateDir: string) {
  const source = new URL("./open-state-files.ts", import.meta.url).href;
  const child = spawn(process.execPath, ["--input-type=module", "-e", CLAIM, source, stateDir]);
  const [path] = await once(child.stdout, "data");
  const kill = async () => {
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  return { name: basename(String(path).trim()), kill };
}

test("each process on a volume has a file of its own, and the file of a killed one is taken up again", async () => {
  const stateDir = await mkdtemp(join(tmpdir(), "waxseal-files-"));
  const [one, other] = await Promise.all([claimInProcess(stateDir), claimInProcess(stateDir)]);
  expect([one.name, other.name].sort()).toEqual(["app.1.state", "app.2.state"]);
  await one.kill();
  const next = openStateFiles({ stateDir, app: "app", extension: "state" });
  expect(basename(next.claim())).toBe(one.name);
  next.release();
  await other.kill();
  expect(await readdir(stateDir)).toEqual(["app.1.lock", "app.2.lock"]);
  await rm(stateDir, { recursive: true });
});
