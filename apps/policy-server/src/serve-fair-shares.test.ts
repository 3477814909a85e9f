import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { createLogger } from "@waxseal/runtime";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestAuthority } from "../testing/create-test-authority.ts";
import { createTestHosting } from "../testing/create-test-hosting.ts";
import { openTls } from "../testing/talk-to-server.ts";
import { testPolicyConfig } from "../testing/test-policy-config.ts";
import { boundPort } from "./start-policy-listener.ts";
import { type PolicyServer, startPolicyServer } from "./start-policy-server.ts";

const HOST = "mta-sts.example.com";
const FLOOD = 300;

let database: TestDatabase;
let server: PolicyServer;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  const hosting = createTestHosting(database.db, await createTestAuthority());
  await hosting.serve("example.com");
  const config = testPolicyConfig({ databaseUrl: database.databaseUrl, secretKeys: hosting.secretKeys });
  server = await startPolicyServer(config, { logger: createLogger("policy-server", "silent") });
});
afterAll(async () => {
  await server?.stop();
  await database?.drop();
});

/** The first bytes of a client that asks for a name: sent again, they cost the server a whole handshake. */
async function recordHello(servername: string): Promise<Buffer> {
  const listener = createServer();
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const client = connectTls({ port: boundPort(listener.address()), host: "127.0.0.1", servername });
  client.on("error", () => undefined);
  const [socket]: Socket[] = await once(listener, "connection");
  const [hello]: Buffer[] = await once(socket ?? listener, "data");
  socket?.destroy();
  listener.close();
  return hello ?? Buffer.alloc(0);
}

test("while one network's valid handshakes pile up, another network's handshake overtakes most of them", async () => {
  const hello = await recordHello(HOST);
  let answered = 0;
  const opened = Array.from({ length: FLOOD }, async () => {
    const socket = connect({ port: server.httpsPort, host: "127.0.0.1", localAddress: "127.0.0.2" });
    socket
      .on("error", () => undefined)
      .once("data", () => {
        answered += 1;
      });
    await once(socket, "connect");
    return socket;
  });
  const flood = await Promise.all(opened);
  for (const socket of flood) socket.write(hello);
  const good = await openTls(server.httpsPort, { servername: HOST, localAddress: "127.0.0.3" });
  const overtaken = FLOOD - answered;
  for (const socket of [good, ...flood]) socket.destroy();
  expect(overtaken).toBeGreaterThan(FLOOD / 2);
});
