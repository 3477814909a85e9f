import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findFreePort } from "@waxseal/runtime/find-free-port";
import { afterEach, beforeEach, expect, test } from "vitest";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
let dir: string;
let env: Record<string, string>;
let child: ChildProcess | undefined;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "waxseal-sandbox-"));
  env = {
    SANDBOX_DIR: dir,
    SANDBOX_CONTROL_PORT: String(await findFreePort()),
    SANDBOX_MX_PORT: "0",
    SANDBOX_DNS_PORT: "0",
    SANDBOX_ACME_PORT: "0",
    SANDBOX_MAIL_SMTP_PORT: "0",
    HOSTED_ZONE: "waxseal-hosted.example",
    REPORTS_DOMAIN: "reports.waxseal-hosted.example",
    LOG_LEVEL: "silent",
  };
});
afterEach(async () => {
  if (child?.exitCode === null && child.signalCode === null) {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  await rm(dir, { recursive: true, force: true });
});

async function start(more: Record<string, string> = {}): Promise<unknown> {
  child = fork(main, { env: { ...env, ...more }, stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const [message] = await once(child, "message");
  return message;
}
const status = async () => (await fetch(`http://127.0.0.1:${env.SANDBOX_CONTROL_PORT}/status`)).json();

test("all parts run in one process that says it is ready, keeps its domains and roots over kill -9, and stops on SIGTERM", async () => {
  expect(await start()).toEqual({ ready: true });
  expect(await status()).toMatchObject({
    dns: {
      domains: ["sandbox-hooks.example", "sandbox-mail.example", "corp-exchange.example", "postfix.example"],
    },
    acme: { directoryUrl: expect.stringMatching(/^https:/), rootFile: join(dir, "acme-root.pem") },
    mail: { smtpUrl: expect.stringMatching(/^smtp:/) },
  });
  await fetch(`http://127.0.0.1:${env.SANDBOX_CONTROL_PORT}/zones/bakery.example`, { method: "PUT" });
  const root = await readFile(join(dir, "acme-root.pem"), "utf8");
  child?.kill("SIGKILL");
  if (child) await once(child, "exit");

  expect(await start()).toEqual({ ready: true });
  expect((await status()).dns.domains).toContain("bakery.example");
  expect(await readFile(join(dir, "acme-root.pem"), "utf8")).toBe(root);
  child?.kill("SIGTERM");
  expect(child && (await once(child, "exit"))).toEqual([0, null]);
});

test("a part whose port is not named is off: real DNS, CA or mail are used instead", async () => {
  await start({ SANDBOX_DNS_PORT: "", SANDBOX_ACME_PORT: "", SANDBOX_MAIL_SMTP_PORT: "" });
  expect(await status()).toMatchObject({ dns: null, acme: null, mail: null, senders: [] });
});

test("a port in use and a bad setting end the start with one sentence", async () => {
  const blocker = createServer().listen(Number(env.SANDBOX_CONTROL_PORT), "127.0.0.1");
  await once(blocker, "listening");
  expect(await start()).toEqual({ failed: expect.stringContaining(`${env.SANDBOX_CONTROL_PORT}`) });
  blocker.close();
  if (child) await once(child, "exit");
  expect(await start({ SANDBOX_MX_PORT: "many", HOSTED_ZONE: "" })).toEqual({
    failed: expect.stringMatching(/SANDBOX_MX_PORT[\s\S]*HOSTED_ZONE|HOSTED_ZONE[\s\S]*SANDBOX_MX_PORT/),
  });
});
