import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { chooseSettings } from "./choose-settings.ts";
import { findPort } from "./find-port.ts";

let dataDir: string;
const servers: Server[] = [];
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "waxseal-settings-"));
});
afterEach(async () => {
  for (const server of servers.splice(0)) server.close();
  await rm(dataDir, { recursive: true, force: true });
});

test("ports in use are all named in one sentence, with the variables to set", async () => {
  const [first, second] = [await occupyPort(), await occupyPort()];
  const env = { ...(await freePorts()), PORT: String(first), DNS_PORT: String(second) };
  await expect(chooseSettings(env, dataDir)).rejects.toThrow(
    `Ports ${first} (PORT), ${second} (DNS_PORT) are already in use: stop what uses it, or set those variables to another port.`,
  );
});

test("each part of the sandbox is off when the real thing is named, and all of it with SANDBOX=0", async () => {
  const ports = await freePorts();
  expect((await chooseSettings(ports, dataDir)).sandbox).toEqual({
    customerDns: true,
    acmeCa: true,
    mailCatcher: true,
    any: true,
  });
  const real = { ...ports, DNS_RESOLVERS: "192.0.2.1:53", ACME_DIRECTORY_URL: "https://ca.example/dir" };
  const mixed = await chooseSettings(real, dataDir);
  expect(mixed.sandbox).toEqual({ customerDns: false, acmeCa: false, mailCatcher: true, any: true });
  expect(mixed.env).toMatchObject(real);
  // Without its DNS the sandbox has no buttons to offer; with real mail it has.
  expect(mixed.env.SANDBOX_URL).toBeUndefined();
  const withMail = await chooseSettings({ ...ports, SMTP_URL: "smtp://mail.example" }, dataDir);
  expect([withMail.env.SANDBOX_URL, withMail.env.SANDBOX_MAIL_URL]).toEqual([expect.any(String), undefined]);
  expect((await chooseSettings({ ...real, SANDBOX: "0" }, dataDir)).sandbox.any).toBe(false);
});

test("the key for secrets at rest is made once and found again", async () => {
  const ports = await freePorts();
  const first = await chooseSettings(ports, dataDir);
  const second = await chooseSettings(ports, dataDir);
  expect(first.env.SECRET_KEYS).toMatch(/^k1:[\w-]{43}$/);
  expect(second.env.SECRET_KEYS).toBe(first.env.SECRET_KEYS);
});

async function occupyPort(): Promise<number> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
}

async function freePorts(): Promise<Record<string, string>> {
  const names = [
    "PORT",
    "POLICY_HTTPS_PORT",
    "POLICY_HTTP_PORT",
    "INGEST_SMTP_PORT",
    "INGEST_HTTPS_PORT",
    "DNS_PORT",
  ];
  const entries = await Promise.all(
    names.map(async (name) => [name, String(await findPort(0, "127.0.0.1"))] as const),
  );
  return Object.fromEntries(entries);
}
