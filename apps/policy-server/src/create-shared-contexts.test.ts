import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { connect as connectTcp, type Socket } from "node:net";
import { connect, createServer, type SecureContext, type TLSSocket } from "node:tls";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestAuthority, type TestAuthority } from "../testing/create-test-authority.ts";
import {
  type CertificateParts,
  createSharedContexts,
  type SharedContexts,
} from "./create-shared-contexts.ts";

let authority: TestAuthority;
let contexts: SharedContexts;
const certificates = new Map<string, CertificateParts>();
const server = createServer({
  SNICallback: (servername, done) => {
    const parts = certificates.get(servername);
    done(null, parts && contexts.contextFor(parts));
  },
});
const sockets = new Set<Socket>();
server.on("connection", (socket) => sockets.add(socket));
let port = 0;

beforeAll(async () => {
  authority = await createTestAuthority();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  port = typeof address === "object" && address ? address.port : 0;
});
beforeEach(() => {
  contexts = createSharedContexts();
});
afterAll(() => {
  server.close();
  for (const socket of sockets) socket.destroy();
});

async function issue(host: string, by: TestAuthority = authority): Promise<CertificateParts> {
  const { keyPem, chainPem } = await by.issue(host);
  const leafEnd = chainPem.indexOf("-----END CERTIFICATE-----") + 25;
  const parts = { keyPem, leafPem: chainPem.slice(0, leafEnd), issuersPem: chainPem.slice(leafEnd) };
  certificates.set(host, parts);
  return parts;
}

/** A verified connection: the chain has to be whole. */
function open(
  servername: string,
  { rootPem }: TestAuthority = authority,
  maxVersion: "TLSv1.2" | "TLSv1.3" = "TLSv1.3",
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", servername, ca: rootPem, maxVersion }, () =>
      resolve(socket),
    );
    socket.on("error", reject);
  });
}

test("names under one issuer share a context; each of many handshakes at once gets its own certificate", async () => {
  const hosts = Array.from({ length: 20 }, (_, index) => `host-${index}.example`);
  for (const host of hosts) await issue(host);
  const used = new Set<SecureContext>();
  for (const parts of certificates.values()) used.add(contexts.contextFor(parts));
  expect(used.size).toBe(1);
  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    const open_ = await Promise.all([...hosts, ...hosts].map((host) => open(host, authority, version)));
    for (const [index, socket] of open_.entries()) {
      expect(socket.getPeerCertificate().subjectaltname).toBe(`DNS:${hosts[index % hosts.length]}`);
      socket.destroy();
    }
  }
});

test("a key that does not belong to the leaf is refused, and the next name is fine", async () => {
  const [one, two] = [await issue("one.example"), await issue("two.example")];
  expect(() => contexts.contextFor({ ...one, keyPem: two.keyPem })).toThrow();
  contexts.contextFor(one);
  expect(() => contexts.contextFor({ ...one, keyPem: two.keyPem })).toThrow();
  expect(() => contexts.contextFor({ ...one, leafPem: "no certificate" })).toThrow();
  (await open("two.example")).destroy();
  (await open("one.example")).destroy();
});

test("a key of another kind than P-256 is never in a shared context", async () => {
  const [first, second] = [await issue("first.example"), await issue("second.example")];
  const shared = contexts.contextFor(first);
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const rsaKey = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  expect(contexts.contextFor({ ...first, keyPem: rsaKey })).not.toBe(shared);
  expect(contexts.contextFor(second)).toBe(shared);
  (await open("second.example")).destroy();
});

test("after many names a handshake carries one leaf and its issuer, whichever issuers came between", async () => {
  const elsewhere = await createTestAuthority();
  await issue("start.example");
  const bytesAtFirst = await handshakeBytes("start.example");
  for (let count = 0; count < 40; count++) {
    contexts.contextFor(await issue(`r${count % 10}.example`, count === 5 ? elsewhere : authority));
  }
  await issue("final.example");
  expect(Math.abs((await handshakeBytes("final.example")) - bytesAtFirst)).toBeLessThan(64);
  await issue("other.example", elsewhere);
  expect(Math.abs((await handshakeBytes("other.example", elsewhere)) - bytesAtFirst)).toBeLessThan(64);
});

/** Bytes from the server before the handshake is complete, seen below TLS. */
async function handshakeBytes(servername: string, { rootPem }: TestAuthority = authority): Promise<number> {
  const raw = connectTcp(port, "127.0.0.1");
  const secure = connect({ socket: raw, servername, ca: rootPem });
  await once(secure, "secureConnect");
  const { bytesRead } = raw;
  secure.destroy();
  return bytesRead;
}
