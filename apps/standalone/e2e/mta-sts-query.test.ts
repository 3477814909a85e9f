import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const run = promisify(execFile);

/**
 * The whole product in a network namespace of its own, on the ports of the real world, asked by the MTA-STS client
 * of Debian's postfix-mta-sts-resolver.
 */
const namespace = `waxseal${randomBytes(3).toString("hex")}`;
const etcDir = `/etc/netns/${namespace}`;
const harness = new URL("namespace-main.ts", import.meta.url).pathname;
let folder: string;
let stopHarness: () => Promise<void>;
let rootFile: string;

beforeAll(async () => {
  folder = `/tmp/${namespace}`;
  await mkdir(folder, { mode: 0o711 });
  await mkdir(etcDir, { recursive: true });
  await writeFile(join(etcDir, "resolv.conf"), "nameserver 127.0.0.1\n");
  await run("ip", ["netns", "add", namespace]);
  await inNamespace("ip", ["link", "set", "lo", "up"]);
  const child = execFile("ip", ["netns", "exec", namespace, process.execPath, harness, folder]);
  let output = "";
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  rootFile = await new Promise<string>((resolve, reject) => {
    child.stdout?.on("data", (chunk: string) => {
      output += chunk;
      const active = /^active (.+)$/m.exec(output)?.[1];
      if (active) resolve(active);
    });
    child.stderr?.on("data", (chunk: string) => {
      output += chunk;
    });
    child.once("exit", () => reject(new Error(output)));
  });
  stopHarness = async () => {
    child.stdin?.end();
    await ended;
  };
});
afterAll(async () => {
  await stopHarness?.();
  await run("ip", ["netns", "del", namespace]).catch(() => undefined);
  await rm(etcDir, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
});

test("RFC 8461 §3: Debian's mta-sts-query accepts record, certificate and policy, and reads mode and mx back", async () => {
  const { stdout } = await inNamespace("mta-sts-query", ["cidery.example"], { SSL_CERT_FILE: rootFile });
  expect(stdout).toContain("STSFetchResult.VALID");
  expect(stdout).toContain("'mode': 'testing'");
  expect(stdout).toContain("'mx': ['mx1.cidery.example', 'mx2.cidery.example']");
});

function inNamespace(command: string, args: string[], env: Record<string, string> = {}) {
  return run("ip", ["netns", "exec", namespace, command, ...args], { env: { ...process.env, ...env } });
}
