import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type SupervisedChild, superviseChild } from "./supervise-child.ts";

let folder: string;
const children: SupervisedChild[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "waxseal-supervise-"));
});
afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.stop()));
  await rm(folder, { recursive: true, force: true });
});

test("a killed child is started again, with another process id", async () => {
  const { child, lines } = await supervise(
    'process.send({ ready: true }); process.on("SIGTERM", () => process.exit(0)); setInterval(() => {}, 1e6);',
  );
  const firstPid = child.pid();
  expect(firstPid).toBeGreaterThan(0);
  process.kill(firstPid ?? 0, "SIGKILL");
  await expect
    .poll(() => child.pid() !== undefined && child.pid() !== firstPid, { timeout: 5_000 })
    .toBe(true);
  expect(lines).toEqual(["test ended (SIGKILL); starting it again"]);
});

test("a child that gives up before it was ready fails the start with its own sentence", async () => {
  const failing = supervise(
    'process.send({ failed: "Port 1 is already in use." }); setTimeout(() => process.exit(1), 50);',
  );
  await expect(failing).rejects.toThrow(/^Port 1 is already in use\.$/);
});

test("a child that ends three times before it is ready fails the start, with how it ended", async () => {
  await expect(supervise("process.exit(7);")).rejects.toThrow(
    /^It ended 3 times before it was ready \(status 7\)\.$/,
  );
});

test("stop ends the child and does not start it again", async () => {
  const { child, lines } = await supervise(
    'process.send({ ready: true }); process.on("SIGTERM", () => process.exit(0)); setInterval(() => {}, 1e6);',
  );
  await child.stop();
  expect(child.pid()).toBeUndefined();
  expect(lines).toEqual([]);
});

test("a child gets the arguments for Node that it is started with, and none of ours", async () => {
  const source = "console.log(process.execArgv.join()); process.send({ ready: true });";
  const { log } = await supervise(source, ["--max-semi-space-size=4"]);
  await expect.poll(() => String(log.read() ?? "")).toBe("--max-semi-space-size=4\n");
});

async function supervise(
  source: string,
  nodeArgs?: readonly string[],
): Promise<{ child: SupervisedChild; lines: string[]; log: PassThrough }> {
  const script = join(folder, "child.mjs");
  await writeFile(script, source);
  const lines: string[] = [];
  const log = new PassThrough();
  const child = await superviseChild({
    name: "test",
    script,
    env: {},
    nodeArgs,
    log,
    tell: (line) => lines.push(line),
  });
  children.push(child);
  return { child, lines, log };
}
