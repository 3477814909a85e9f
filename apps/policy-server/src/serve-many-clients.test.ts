import type { Socket } from "node:net";
import { networkInterfaces } from "node:os";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { createLogger } from "@waxseal/runtime";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestAuthority } from "../testing/create-test-authority.ts";
import { createTestHosting } from "../testing/create-test-hosting.ts";
import { exchange, fetchRaw, openTcp, openTls } from "../testing/talk-to-server.ts";
import { testPolicyConfig } from "../testing/test-policy-config.ts";
import type { Config } from "./config.ts";
import { type PolicyServer, startPolicyServer } from "./start-policy-server.ts";

const HOST = "mta-sts.example.com";
const REQUEST = `GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`;
const SILENT = 1_400;
const HANDSHAKEN = 100;
const HAS_IPV6 = Object.values(networkInterfaces()).some((found) =>
  found?.some(({ address }) => address === "::1"),
);

let database: TestDatabase;
let config: Config;
const servers: PolicyServer[] = [];
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  const hosting = createTestHosting(database.db, await createTestAuthority());
  await hosting.serve("example.com");
  config = testPolicyConfig({ databaseUrl: database.databaseUrl, secretKeys: hosting.secretKeys });
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await database?.drop();
});

async function start(changes: Partial<Config> = {}): Promise<PolicyServer> {
  const logger = createLogger("policy-server", "silent");
  const server = await startPolicyServer({ ...config, ...changes }, { logger });
  servers.push(server);
  return server;
}

test.skipIf(!HAS_IPV6)("policies are served over IPv6, and its clients counted by their /48", async () => {
  const server = await start({ bindAddress: "::1" });
  const answer = await exchange(await openTls(server.httpsPort, { servername: HOST, host: "::1" }), REQUEST);
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  await server.stop();
  servers.pop();
  const { network } = await database.db.policyFetch.findFirstOrThrow();
  expect(network).toBe("::/48");
});

test("1,500 idle connections do not delay other clients", async () => {
  const server = await start();
  const idle: Socket[] = [];
  const closed = new Set<Socket>();
  const keep = (socket: Socket) => {
    idle.push(socket);
    socket.on("error", () => undefined).on("close", () => closed.add(socket));
    return socket;
  };
  for (let opened = 0; opened < HANDSHAKEN; opened += 50) {
    const batch = Array.from({ length: 50 }, () => openTls(server.httpsPort, { servername: HOST }));
    for (const socket of await Promise.all(batch)) keep(socket);
  }
  const silent = await Promise.all(Array.from({ length: SILENT }, () => openTcp(server.httpsPort)));
  // Half of them have begun a handshake.
  for (const [index, socket] of silent.entries()) {
    keep(socket);
    if (index % 2) socket.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]));
  }
  const tookMs: number[] = [];
  for (let fetch = 0; fetch < 15; fetch += 1) {
    const startedAtMs = performance.now();
    expect(await fetchRaw(server.httpsPort, HOST)).toContain("200 OK");
    tookMs.push(performance.now() - startedAtMs);
  }
  expect(idle.length - closed.size).toBeGreaterThan(1_000);
  tookMs.sort((a, b) => a - b);
  expect(tookMs[Math.floor(tookMs.length * 0.9)]).toBeLessThan(250);
  // They are cut off all the same, and then no connection is left.
  await expect.poll(() => closed.size, { timeout: 15_000 }).toBe(idle.length);
  expect(await fetchRaw(server.httpsPort, HOST)).toContain("200 OK");
}, 40_000);
