import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer, type ServerOptions } from "node:https";
import { createServer as createTcpServer } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createUntrustedAuthority, type UntrustedAuthority } from "../testing/create-untrusted-authority.ts";
import { addressOf, startTestDns, type TestDns } from "../testing/start-test-dns.ts";
import { createAddressGuard } from "./create-address-guard.ts";
import { createResolver } from "./create-resolver.ts";
import { fetchHttp01 } from "./fetch-http01.ts";
import { fetchPolicy } from "./fetch-policy.ts";

const body = "version: STSv1\r\nmode: testing\r\nmx: mx.example.com\r\nmax_age: 86400\r\n";
const servePolicy: RequestListener = (_, response) =>
  response.setHeader("content-type", "text/plain; charset=utf-8").end(body);

let authority: UntrustedAuthority;
let dns: TestDns;
const stops: (() => void)[] = [];

beforeAll(async () => {
  authority = await createUntrustedAuthority();
  dns = await startTestDns([
    { name: "mta-sts.example.com", type: "CNAME", data: "token.hosted.example" },
    { name: "token.hosted.example", type: "A", data: "127.0.0.1" },
    { name: "mta-sts.txt-only.example", type: "TXT", data: "x" },
  ]);
});
afterAll(() => dns.stop());
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

type Start = {
  names?: string[];
  validity?: { fromDays: number; toDays: number };
  listener?: RequestListener;
  tls?: ServerOptions;
};

async function startPolicyHost({
  names = ["mta-sts.example.com"],
  validity,
  listener = servePolicy,
  tls = {},
}: Start = {}) {
  const server = createServer({ ...(await authority.issue(names, validity)), ...tls }, listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return addressOf(server.address()).port;
}

function fetchFrom(httpsPort: number, changes: object = {}) {
  return fetchPolicy({
    domain: "example.com",
    resolver: createResolver({ servers: [dns.server], timeoutMs: 500 }),
    guard: createAddressGuard({ allowPrivate: true }),
    httpsPort,
    caPem: authority.caPem,
    timeoutMs: 5000,
    ...changes,
  });
}

test("a policy comes with the certificate, TLS version and addresses it was served from", async () => {
  const result = await fetchFrom(await startPolicyHost());
  expect(result).toMatchObject({
    found: {
      body,
      bodyBytes: body.length,
      contentType: "text/plain; charset=utf-8",
      tlsVersion: "TLSv1.3",
      address: "127.0.0.1",
      addresses: ["127.0.0.1"],
      certificate: {
        subjectAltNames: ["mta-sts.example.com"],
        issuer: "CN=Test authority",
        notAfter: expect.any(Date),
        fingerprint256: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
        chain: [{ subject: "CN=common.example" }, { subject: "CN=Test authority" }],
      },
    },
  });
});

test("RFC 8461 §7.1: SNI and Host are the policy host, the path is the well-known one", async () => {
  const seen: unknown[] = [];
  const port = await startPolicyHost({
    listener: (request, response) => {
      const servername = "servername" in request.socket ? request.socket.servername : undefined;
      seen.push(servername, request.headers.host, request.method, request.url);
      response.end(body);
    },
  });
  await fetchFrom(port);
  expect(seen).toEqual(["mta-sts.example.com", "mta-sts.example.com", "GET", "/.well-known/mta-sts.txt"]);
});

test("TLS 1.2 is accepted, a wildcard certificate too (RFC 8461 §3.3)", async () => {
  const port = await startPolicyHost({ names: ["*.example.com"], tls: { maxVersion: "TLSv1.2" } });
  expect(await fetchFrom(port)).toMatchObject({ found: { tlsVersion: "TLSv1.2" } });
});

describe("RFC 8461 §3.3: certificates that senders refuse, shown all the same", () => {
  test.each<[missing: string, start: Start, changes?: object]>([
    ["certificate-host-mismatch", { names: ["www.example.com"] }],
    ["certificate-host-mismatch", { names: ["*.mta-sts.example.com"] }],
    // The common name of a certificate without names is "mta-sts.example.com" here; it does not count.
    ["certificate-host-mismatch", { names: [] }],
    ["certificate-expired", { validity: { fromDays: -30, toDays: -1 } }],
    ["certificate-not-yet-valid", { validity: { fromDays: 1, toDays: 30 } }],
    ["certificate-not-trusted", {}, { caPem: undefined }],
  ])("%s %j", async (missing, start, changes) => {
    const result = await fetchFrom(await startPolicyHost(start), changes);
    expect(result).toMatchObject({
      missing,
      detail: expect.any(String),
      certificate: { notAfter: expect.any(Date) },
    });
  });

  test("no request is sent over such a connection", async () => {
    let requests = 0;
    await fetchFrom(await startPolicyHost({ names: ["www.example.com"], listener: () => requests++ }));
    expect(requests).toBe(0);
  });
});

describe("RFC 8461 §3.3: answers that are no policy", () => {
  test.each<[missing: string, status: number, listener: RequestListener]>([
    ["http-redirect", 301, (_, response) => response.writeHead(301, { location: "/other" }).end()],
    ["http-status", 404, (_, response) => response.writeHead(404).end(body)],
    ["http-status", 202, (_, response) => response.writeHead(202).end(body)],
    ["too-large", 200, (_, response) => response.end("x".repeat(65_537))],
    ["http-failed", 0, (request) => request.socket.end("SSH-2.0-x\r\n")],
    ["http-failed", 0, (request) => request.socket.destroy()],
    [
      "http-failed",
      200,
      (request) => request.socket.end(`HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n${body}`),
    ],
    ["http-failed", 0, (_, response) => response.writeHead(200, { "x-pad": "x".repeat(20_000) }).end(body)],
  ])("%s, status %i", async (missing, status, listener) => {
    expect(await fetchFrom(await startPolicyHost({ listener }))).toMatchObject({ missing, status });
  });

  test("a body of exactly 64 KiB, chunked, is read", async () => {
    const port = await startPolicyHost({
      listener: (_, response) => {
        response.write("x".repeat(32_768));
        response.end("y".repeat(32_768));
      },
    });
    expect(await fetchFrom(port)).toMatchObject({ found: { bodyBytes: 65_536, contentType: undefined } });
  });
});

describe("every step is bounded in time", () => {
  test.each<[name: string, listener: RequestListener]>([
    ["no answer", () => undefined],
    ["an endless body", (_, response) => void response.writeHead(200).write("version: STSv1\r\n")],
  ])("%s", async (_, listener) => {
    const result = await fetchFrom(await startPolicyHost({ listener }), { timeoutMs: 400 });
    expect(result).toMatchObject({ missing: "timeout" });
    expect(result).not.toHaveProperty("found");
  });

  test("a server that accepts and says nothing", async () => {
    const server = createTcpServer((socket) => stops.push(() => socket.destroy())).listen(0, "127.0.0.1");
    await once(server, "listening");
    stops.push(() => server.close());
    const result = await fetchFrom(addressOf(server.address()).port, { timeoutMs: 300 });
    expect(result).toMatchObject({ missing: "timeout" });
  });
});

test("RFC 8461 §7.2: TLS 1.1 is too old", async () => {
  const tls: ServerOptions = { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "ALL@SECLEVEL=0" };
  expect(await fetchFrom(await startPolicyHost({ tls }))).toMatchObject({ missing: "tls-version-too-old" });
});

test("RFC 8461 §7.1: of a host that aborts the handshake for our name, the default certificate is named", async () => {
  const asked: string[] = [];
  const tls: ServerOptions = {
    SNICallback(name, done) {
      asked.push(name);
      done(new Error("unknown"));
    },
  };
  const port = await startPolicyHost({ tls });
  const detail = expect.stringMatching(/Asked for no name, it presents CN=common\.example$/);
  expect(await fetchFrom(port)).toMatchObject({ missing: "tls-failed", detail });
  // Only the first of the two handshakes sends a name.
  expect(asked).toEqual(["mta-sts.example.com"]);
});

test("a plain HTTP server on the port", async () => {
  const server = createHttpServer(servePolicy).listen(0, "127.0.0.1");
  await once(server, "listening");
  stops.push(() => server.close());
  expect(await fetchFrom(addressOf(server.address()).port)).toMatchObject({ missing: "tls-failed" });
});

describe("before any connection", () => {
  test.each<[missing: string, changes: object]>([
    ["no-domain", { domain: "absent.example" }],
    ["no-address", { domain: "txt-only.example" }],
    ["connection-failed", { httpsPort: 1 }],
    ["address-refused", { guard: createAddressGuard({ allowPrivate: false }) }],
    ["dns-failed", { resolver: createResolver({ servers: ["127.0.0.1:1"], timeoutMs: 200 }) }],
  ])("%s", async (missing, changes) => {
    expect(await fetchFrom(await startPolicyHost(), changes)).toMatchObject({
      missing,
      detail: expect.any(String),
    });
  });

  test("the guard is asked again about the address really connected to", async () => {
    let questions = 0;
    const guard = { findRefusal: () => (questions++ === 0 ? undefined : "refused on connect") };
    const result = await fetchFrom(await startPolicyHost(), { guard });
    expect(result).toMatchObject({ missing: "address-refused", detail: "refused on connect" });
  });
});

test("one server of ours is asked by its address, whatever DNS says", async () => {
  const changes = {
    domain: "absent.example",
    connectAddress: "127.0.0.1",
    guard: createAddressGuard({ allowPrivate: false }),
  };
  const port = await startPolicyHost({ names: ["mta-sts.absent.example"] });
  expect(await fetchFrom(port, changes)).toMatchObject({ found: { body, address: "127.0.0.1" } });
});

describe("RFC 8555 §8.3: the http-01 look before the CA's", () => {
  async function look(listener: RequestListener) {
    const server = createHttpServer(listener).listen(0, "127.0.0.1");
    await once(server, "listening");
    stops.push(() => server.close());
    return fetchHttp01({
      host: "mta-sts.example.com",
      token: "abc_-1",
      resolver: createResolver({ servers: [dns.server] }),
      guard: createAddressGuard({ allowPrivate: true }),
      port: addressOf(server.address()).port,
      timeoutMs: 2000,
    });
  }

  test("gives the body found at the challenge path of the host", async () => {
    const result = await look((request, response) => response.end(`${request.headers.host} ${request.url}`));
    expect(result).toMatchObject({
      found: { body: "mta-sts.example.com /.well-known/acme-challenge/abc_-1" },
    });
  });

  test("says what else was there", async () => {
    expect(await look((_, response) => response.writeHead(404).end())).toMatchObject({
      missing: "http-status",
      status: 404,
    });
    expect(await look((_, response) => response.end("x".repeat(5000)))).toMatchObject({
      missing: "too-large",
    });
  });
});
