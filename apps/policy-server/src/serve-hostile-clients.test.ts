import { connect } from "node:net";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { createLogger } from "@waxseal/runtime";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { createTestAuthority } from "../testing/create-test-authority.ts";
import { createTestHosting } from "../testing/create-test-hosting.ts";
import { exchange, fetchRaw, openTcp, openTls, readToEnd } from "../testing/talk-to-server.ts";
import { testPolicyConfig } from "../testing/test-policy-config.ts";
import { TLS_PATHS } from "../testing/tls-paths.ts";
import { HEAD_DEADLINE_MS } from "./serve-connection.ts";
import { type PolicyServer, startPolicyServer } from "./start-policy-server.ts";

const HOST = "mta-sts.example.com";
const MAX_CONNECTIONS = 200;
describe.each(TLS_PATHS)("over %s", (_path, tls) => {
  let database: TestDatabase;
  let server: PolicyServer;

  beforeAll(async () => {
    database = await createTestDatabase(inject("templateDatabaseUrl"));
    const hosting = createTestHosting(database.db, await createTestAuthority());
    await hosting.serve("example.com");
    server = await startPolicyServer(
      testPolicyConfig({
        maxConnections: MAX_CONNECTIONS,
        databaseUrl: database.databaseUrl,
        secretKeys: hosting.secretKeys,
      }),
      { logger: createLogger("policy-server", "silent"), tls },
    );
  });
  afterAll(async () => {
    await server?.stop();
    await database?.drop();
  });

  const open = () => openTls(server.httpsPort, { servername: HOST });
  const GET = `GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: ${HOST}\r\n`;

  test.each([
    ["a request line without end", `GET /${"a".repeat(100_000)}`, 414],
    ["headers without end", GET + "X-Flood: 1\r\n".repeat(10_000), 431],
    ["garbage", "\x16\x03\x01\x00\r\n\r\n", 400],
    ["a folded header", `${GET} folded\r\n\r\n`, 400],
  ])("%s is refused and the connection closed", async (_, bytes, status) => {
    expect(await exchange(await open(), bytes)).toMatch(
      new RegExp(`^HTTP/1.1 ${status} .*Connection: close`, "s"),
    );
  });

  test("a client that sends its request byte by byte, or nothing, is cut off after some seconds, answered or not", async () => {
    const [slow, silent, idle, halfTls, noTls] = await Promise.all([
      open(),
      open(),
      open(),
      openTcp(server.httpsPort),
      openTcp(server.httpPort),
    ]);
    const startedAtMs = performance.now();
    const ends = [slow, silent, idle, halfTls, noTls].map(async (socket) => {
      await readToEnd(socket);
      return performance.now() - startedAtMs;
    });
    idle.write(`${GET}\r\n`);
    halfTls.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]));
    const drip = setInterval(() => slow.write("X"), 100);
    const lastedMs = await Promise.all(ends);
    clearInterval(drip);
    for (const ms of lastedMs) {
      expect(ms).toBeGreaterThan(HEAD_DEADLINE_MS - 1_000);
      expect(ms).toBeLessThan(HEAD_DEADLINE_MS + 2_000);
    }
  });

  test("more connections than allowed: the oldest goes, a newcomer is answered at once", async () => {
    const startedAtMs = performance.now();
    const sockets = Array.from({ length: MAX_CONNECTIONS + 50 }, () =>
      connect({ port: server.httpsPort, host: "127.0.0.1" }).on("error", () => undefined),
    );
    await new Promise((resolve) => sockets[0]?.once("close", resolve));
    expect(await fetchRaw(server.httpsPort, HOST)).toContain("200 OK");
    expect(performance.now() - startedAtMs).toBeLessThan(HEAD_DEADLINE_MS / 2);
    for (const socket of sockets) socket.destroy();
  });

  test("a connection is closed after 100 requests, each of them answered", async () => {
    const answer = await exchange(await open(), `${GET}\r\n`.repeat(150));
    expect(answer.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(100);
    expect(answer.match(/Connection: close/g)).toHaveLength(1);
  });

  test("a client that asks and never reads is cut off", async () => {
    const socket = await open();
    socket.pause();
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.on("error", () => undefined);
    for (let round = 0; round < 100; round += 1) socket.write(`${GET}\r\n`);
    socket.write("more");
    const timer = setInterval(() => socket.write("more"), 100);
    await closed;
    clearInterval(timer);
  });
});
