import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { TLSSocket } from "node:tls";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { createLogger } from "@waxseal/runtime";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { createTestAuthority } from "../testing/create-test-authority.ts";
import { createTestHosting } from "../testing/create-test-hosting.ts";
import { fetchRaw, openTcp, openTls } from "../testing/talk-to-server.ts";
import { testPolicyConfig } from "../testing/test-policy-config.ts";
import { TLS_PATHS } from "../testing/tls-paths.ts";
import { boundPort } from "./start-policy-listener.ts";
import { type PolicyServer, startPolicyServer } from "./start-policy-server.ts";

const HOST = "mta-sts.example.com";
const GET = `GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`;
describe.each(TLS_PATHS)("over %s", (_path, tls) => {
  let database: TestDatabase;
  let server: PolicyServer;

  beforeAll(async () => {
    database = await createTestDatabase(inject("templateDatabaseUrl"));
    const hosting = createTestHosting(database.db, await createTestAuthority());
    await hosting.serve("example.com");
    server = await startPolicyServer(
      testPolicyConfig({ databaseUrl: database.databaseUrl, secretKeys: hosting.secretKeys }),
      { logger: createLogger("policy-server", "silent"), tls },
    );
  });
  afterAll(async () => {
    await server?.stop();
    await database?.drop();
  });

  const open = (options = {}) => openTls(server.httpsPort, { servername: HOST, ...options });

  test("a client that resets its connection at any moment ends that one and nothing else", async () => {
    // Below Node's streams an error that is read in a wrong way ends the process: this is tried often, at each step.
    for (let round = 0; round < 30; round += 1) {
      const tcp = await openTcp(server.httpsPort);
      if (round % 2) tcp.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]));
      tcp.resetAndDestroy();
      for (const step of ["handshake", "request", "answer"] as const) {
        const tcp = await openTcp(server.httpsPort);
        const tls = (await open({ socket: tcp })).on("error", () => undefined);
        if (step !== "handshake") tls.write(GET.repeat(50));
        if (step === "answer") await once(tls, "data");
        tcp.resetAndDestroy();
      }
    }
    expect(await fetchRaw(server.httpsPort, HOST)).toContain("200 OK");
  });

  test("RFC 8446 §6.1: when the client ends a connection that it used, the server says goodbye and ends its side", async () => {
    const sent: Buffer[] = [];
    const upstream = connect(server.httpsPort, "127.0.0.1");
    const relay = createServer((client) => {
      upstream.on("data", (chunk) => {
        sent.push(chunk);
        client.write(chunk);
      });
      client.pipe(upstream);
    }).listen(0, "127.0.0.1");
    await once(relay, "listening");
    const socket = await openTls(boundPort(relay.address()), { servername: HOST });
    for (let round = 0; round < 3; round += 1) {
      socket.write(GET);
      expect(String(await once(socket, "data"))).toContain("200 OK");
    }
    const ended = once(upstream, "end");
    socket.end();
    await ended;
    // An encrypted record of 19 bytes: an alert of two, its type, and the authentication tag. RFC 8446 §5.2
    expect(Buffer.concat(sent).subarray(-24, -19).toString("hex")).toBe("1703030013");
    relay.close();
  });

  test("RFC 7301 §3.2: HTTP/1.1 is agreed on, and a client that speaks only HTTP/2 gets an alert that says so", async () => {
    expect((await open({ ALPNProtocols: ["h2", "http/1.1"] })).alpnProtocol).toBe("http/1.1");
    await expect(open({ ALPNProtocols: ["h2"] })).rejects.toThrow(/no application protocol/);
  });

  test("RFC 5746 §4.3: a TLS 1.2 client that wants to negotiate again is refused, and others go on", async () => {
    const socket: TLSSocket = await open({ maxVersion: "TLSv1.2" });
    const refused = new Promise<Error>((resolve) => socket.once("error", resolve));
    socket.renegotiate({}, () => undefined);
    expect(String(await refused)).toMatch(/no.renegotiation/i);
    expect(await fetchRaw(server.httpsPort, HOST)).toContain("200 OK");
  });

  test.each([
    ["X25519MLKEM768:X25519", "X25519MLKEM768"],
    ["X25519:X25519MLKEM768", "X25519MLKEM768"],
    ["X25519", "X25519"],
    ["P-256", "prime256v1"],
    ["P-384", "secp384r1"],
  ])("a client that offers %s agrees on %s", async (ecdhCurve, agreed) => {
    const socket = await open({ ecdhCurve });
    expect(socket.getEphemeralKeyInfo()).toMatchObject({ name: agreed });
    socket.destroy();
  });
});
