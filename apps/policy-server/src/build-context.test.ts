import { once } from "node:events";
import { connect as connectTcp, type Socket } from "node:net";
import { connect, createServer, type TLSSocket } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BuiltContext, buildContext } from "./build-context.ts";
import { createTestAuthority, type TestAuthority } from "./create-test-authority.ts";

let authority: TestAuthority;
let current: BuiltContext;
const server = createServer({ SNICallback: (_, done) => done(null, current.context) });
const sockets = new Set<Socket>();
server.on("connection", (socket) => sockets.add(socket));
let port = 0;

beforeAll(async () => {
  authority = await createTestAuthority();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  port = typeof address === "object" && address ? address.port : 0;
});
afterAll(() => {
  server.close();
  for (const socket of sockets) socket.destroy();
});

/** A verified connection: the chain has to be whole. */
function open(servername: string): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", servername, ca: authority.rootPem }, () =>
      resolve(socket),
    );
    socket.on("error", reject);
  });
}

test("a context built over a spare one answers with the new certificate, and open connections go on", async () => {
  const [first, second] = [await authority.issue("first.example"), await authority.issue("second.example")];
  const other = await (await createTestAuthority()).issue("other.example");
  current = buildContext({ key: first.keyPem, ...first }, undefined);
  const early = await open("first.example");
  const rebuilt = buildContext({ key: second.keyPem, ...second }, current);
  expect(rebuilt).toBe(current);
  (await open("second.example")).destroy();
  await expect(open("first.example")).rejects.toThrow(/altnames/i);
  early.write("x");
  expect(early.getPeerCertificate().subjectaltname).toBe("DNS:first.example");
  early.destroy();
  expect(() => buildContext({ key: other.keyPem, chainPem: second.chainPem }, rebuilt)).toThrow();
});

test("a key that does not belong to the chain is refused in a new context too", async () => {
  const [one, two] = [await authority.issue("one.example"), await authority.issue("two.example")];
  expect(() => buildContext({ key: two.keyPem, chainPem: one.chainPem }, undefined)).toThrow();
});

test("after many rebuilds a handshake carries one leaf and its issuer, whichever issuers came between", async () => {
  const elsewhere = await createTestAuthority();
  current = buildContext(keyAndChain(await authority.issue("start.example")), undefined);
  const bytesAtFirst = await handshakeBytes("start.example", authority);
  for (let rebuild = 0; rebuild < 40; rebuild++) {
    const issuer = rebuild === 5 ? elsewhere : authority;
    current = buildContext(keyAndChain(await issuer.issue(`r${rebuild % 10}.example`)), current);
  }
  current = buildContext(keyAndChain(await authority.issue("final.example")), current);
  expect(Math.abs((await handshakeBytes("final.example", authority)) - bytesAtFirst)).toBeLessThan(64);
});

function keyAndChain({ keyPem, chainPem }: { keyPem: string; chainPem: string }): {
  key: string;
  chainPem: string;
} {
  return { key: keyPem, chainPem };
}

/** Bytes from the server before the handshake is complete, seen below TLS. */
async function handshakeBytes(servername: string, { rootPem }: TestAuthority): Promise<number> {
  const raw = connectTcp(port, "127.0.0.1");
  const secure = connect({ socket: raw, servername, ca: rootPem });
  await once(secure, "secureConnect");
  const { bytesRead } = raw;
  secure.destroy();
  return bytesRead;
}
