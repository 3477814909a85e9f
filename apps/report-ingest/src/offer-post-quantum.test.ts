import { spawn } from "node:child_process";
import { connect as connectTcp, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { connect } from "node:tls";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestIngest, type TestIngest } from "../testing/create-test-ingest.ts";
import { talkSmtp } from "../testing/talk-smtp.ts";

const OPENSSL = "openssl";
let world: TestIngest;
beforeAll(async () => {
  world = await createTestIngest(inject("templateDatabaseUrl"));
});
afterAll(() => world.stop());

/** The group that a client with these groups agrees on over this connection. */
function agree(socket: Socket, ecdhCurve: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const secure = connect(
      { socket, ecdhCurve, servername: "reports.example.net", rejectUnauthorized: false },
      () => {
        resolve(Object(secure.getEphemeralKeyInfo()).name);
        secure.destroy();
      },
    );
    secure.on("error", reject);
  });
}

async function openStartTls(): Promise<Socket> {
  const talk = await talkSmtp(world.ingest.smtpPort);
  await talk.say("EHLO x");
  expect(await talk.say("STARTTLS")).toMatch(/^220/);
  return talk.socket().removeAllListeners("data");
}

test.each([
  ["X25519MLKEM768:X25519", "X25519MLKEM768"],
  ["X25519:X25519MLKEM768", "X25519MLKEM768"],
  ["X25519", "X25519"],
  ["P-256", "prime256v1"],
  ["P-384", "secp384r1"],
])("a client that offers %s gets %s by upload and by STARTTLS", async (offered, agreed) => {
  expect(await agree(connectTcp(world.ingest.httpsPort, "127.0.0.1"), offered)).toBe(agreed);
  expect(await agree(await openStartTls(), offered)).toBe(agreed);
});

test("a client of OpenSSL before 3.5 agrees on a classic group", async () => {
  const server = `127.0.0.1:${world.ingest.smtpPort}`;
  const client = spawn(OPENSSL, ["s_client", "-connect", server, "-starttls", "smtp", "-brief"]);
  const printed = Promise.all([text(client.stdout), text(client.stderr)]);
  client.stdin.end("QUIT\r\n");
  expect((await printed).join("")).toMatch(/Server Temp Key: X25519|group: X25519/);
});
