import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const run = promisify(execFile);
const namespace = `waxseal${randomBytes(3).toString("hex")}`;
const etcDir = `/etc/netns/${namespace}`;
const folder = `/tmp/${namespace}`;
const main = fileURLToPath(new URL("first-customer-main.ts", import.meta.url));

beforeAll(async () => {
  await mkdir(folder, { mode: 0o755 });
  await mkdir(etcDir, { recursive: true });
  // Compose's name of Postgres.
  await writeFile(`${etcDir}/hosts`, "127.0.0.1 localhost postgres\n");
  await run("ip", ["netns", "add", namespace]);
  await inNamespace("ip", "link", "set", "lo", "up");
  await inNamespace("ip", "addr", "add", "198.18.0.10/32", "dev", "lo");
});
afterAll(async () => {
  const { stdout } = await run("ip", ["netns", "pids", namespace]).catch(() => ({ stdout: "" }));
  for (const pid of stdout.split("\n").filter(Boolean)) {
    try {
      process.kill(Number(pid), "SIGKILL");
    } catch {
      // Ended in the meantime.
    }
  }
  await run("ip", ["netns", "del", namespace]).catch(() => undefined);
  await rm(etcDir, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

function inNamespace(...command: string[]) {
  return run("ip", ["netns", "exec", namespace, ...command], { maxBuffer: 16 * 1024 ** 2 });
}

type Step = { command: string; code: number; output: string };
type Followed = {
  done: Step[];
  records: number;
  status: string;
  mode: string;
  policy: string;
  doctor: string;
};

test("the guide from a fresh VM to the first customer, followed line by line with Debian's Postgres, ends with an active domain", async () => {
  // The guide writes into /etc/systemd: in a mount namespace, onto an empty one.
  const script = `mount -t tmpfs tmpfs /etc/systemd && exec ${process.execPath} ${main} ${folder}`;
  const startedAt = performance.now();
  const { stdout } = await inNamespace("unshare", "-m", "sh", "-c", script);
  const followed = JSON.parse(stdout) as Followed;
  const { done, records, status, policy, doctor } = followed;
  process.stderr.write(
    `  first customer active after ${Math.round((performance.now() - startedAt) / 1_000)} s\n`,
  );
  expect(records).toBe(6);
  expect(done.length).toBeGreaterThan(8);
  // The first look of doctor comes before certificates are there, as the guide says.
  expect(done.filter(({ command, code }) => code !== 0 && !command.endsWith(" doctor"))).toEqual([]);
  expect(status).toBe("active");
  expect(policy).toMatch(/^version: STSv1\r\nmode: testing\r\n/);
  const findings = JSON.parse(doctor) as { state: string; text: string }[];
  const wrong = findings.filter(({ state }) => state === "wrong").map(({ text }) => text);
  // The sender domain's SPF and DMARC are the mail server's matter.
  expect(wrong.filter((text) => !/SPF|DMARC/.test(text))).toEqual([]);
}, 600_000);
