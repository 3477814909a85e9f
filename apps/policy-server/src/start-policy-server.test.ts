import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { createLogger } from "@waxseal/runtime";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { createTestAuthority, type TestAuthority } from "../testing/create-test-authority.ts";
import { createTestHosting, type TestHosting } from "../testing/create-test-hosting.ts";
import { exchange, fetchRaw, openTcp, openTls } from "../testing/talk-to-server.ts";
import { testPolicyConfig } from "../testing/test-policy-config.ts";
import { TLS_PATHS } from "../testing/tls-paths.ts";
import { type PolicyServer, startPolicyServer } from "./start-policy-server.ts";

const logger = createLogger("policy-server", "silent");
describe.each(TLS_PATHS)("over %s", (_path, tls) => {
  let database: TestDatabase;
  let authority: TestAuthority;
  let hosting: TestHosting;
  let server: PolicyServer;

  beforeAll(async () => {
    database = await createTestDatabase(inject("templateDatabaseUrl"));
    authority = await createTestAuthority();
    hosting = createTestHosting(database.db, authority);
    await hosting.serve("example.com", { mx: ["mx1.example.com", "*.example.net"], maxAgeSeconds: 86_401 });
    await hosting.serve("example.org");
    server = await startPolicyServer(
      testPolicyConfig({
        databaseUrl: await database.urlAs("policy-server"),
        secretKeys: hosting.secretKeys,
      }),
      { logger, tls },
    );
  });
  afterAll(async () => {
    await server?.stop();
    await database?.drop();
  });

  const BODY =
    "version: STSv1\r\nmode: testing\r\nmx: mx1.example.com\r\nmx: *.example.net\r\nmax_age: 86401\r\n";

  async function ask(requests: string, servername = "mta-sts.example.com"): Promise<string> {
    return exchange(await openTls(server.httpsPort, { servername }), requests);
  }

  test("RFC 8461 §3.3: a policy is served with its own certificate, chain included, as text/plain with CRLF", async () => {
    const answer = await fetchRaw(server.httpsPort, "mta-sts.example.com", authority.rootPem);
    const [head = "", body] = answer.split("\r\n\r\n");
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(head).toContain("\r\nContent-Type: text/plain; charset=utf-8");
    expect(head).toContain(`\r\nContent-Length: ${BODY.length}`);
    expect(body).toBe(BODY);
  });

  test("RFC 9110 §9.3.2: HEAD has the headers of GET and no body", async () => {
    const request =
      "HEAD /.well-known/mta-sts.txt HTTP/1.1\r\nHost: mta-sts.example.com\r\nConnection: close\r\n\r\n";
    const answer = await ask(request);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toContain(`Content-Length: ${BODY.length}\r\n`);
    expect(answer).toMatch(/\r\n\r\n$/);
  });

  test.each([
    ["unknown path", "GET / HTTP/1.1\r\nHost: mta-sts.example.com", /^HTTP\/1\.1 404 /],
    [
      "path below the policy",
      "GET /.well-known/mta-sts.txt/ HTTP/1.1\r\nHost: mta-sts.example.com",
      /^HTTP\/1\.1 404 /,
    ],
    [
      "other method",
      "POST /.well-known/mta-sts.txt HTTP/1.1\r\nHost: mta-sts.example.com",
      /405 .*\r\nAllow: GET, HEAD\r\n/s,
    ],
    [
      "Host of another customer",
      "GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: mta-sts.example.org",
      /^HTTP\/1\.1 421 /,
    ],
    [
      "a body",
      "GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: mta-sts.example.com\r\nContent-Length: 5",
      /^HTTP\/1\.1 413 /,
    ],
    ["no Host", "GET /.well-known/mta-sts.txt HTTP/1.1\r\nAccept: */*", /^HTTP\/1\.1 400 /],
    ["HTTP/1.0 without Host", "GET /.well-known/mta-sts.txt HTTP/1.0", /^HTTP\/1\.1 200 /],
  ])("answers %s as agreed, never with a redirect", async (_, head, expected) => {
    const answer = await ask(`${head}\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(expected);
    expect(answer).not.toMatch(/location:/i);
  });

  test("RFC 8461 §7.1: the handshake is aborted without SNI, for an unknown name, and for a domain no longer served", async () => {
    await hosting.serve("left.example");
    await expect.poll(() => fetchRaw(server.httpsPort, "mta-sts.left.example")).toContain("200 OK");
    await hosting.unserve("left.example");
    await expect(openTls(server.httpsPort, {})).rejects.toThrow(/alert|handshake/i);
    await expect(openTls(server.httpsPort, { servername: "mta-sts.unknown.example" })).rejects.toThrow();
    await expect(openTls(server.httpsPort, { servername: "example.com" })).rejects.toThrow();
    await expect
      .poll(() => openTls(server.httpsPort, { servername: "mta-sts.left.example" }).then(String, String))
      .toMatch(/alert|handshake/i);
  });

  test("names are found whatever their case", async () => {
    const socket = await openTls(server.httpsPort, { servername: "MTA-STS.Example.COM" });
    const answer = await exchange(
      socket,
      "GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: Mta-Sts.EXAMPLE.com:443\r\nConnection: close\r\n\r\n",
    );
    expect(answer).toContain(BODY);
  });

  test.each(["TLSv1.2", "TLSv1.3"] as const)("RFC 8461 §7.2: %s is spoken, with ECDSA", async (version) => {
    const socket = await openTls(server.httpsPort, {
      servername: "mta-sts.example.com",
      minVersion: version,
      maxVersion: version,
    });
    expect(socket.getProtocol()).toBe(version);
    expect(socket.getPeerCertificate().asn1Curve).toBe("prime256v1");
    socket.destroy();
  });

  test.each(["TLSv1", "TLSv1.1"] as const)("RFC 8461 §7.2: %s is refused", async (version) => {
    const attempt = openTls(server.httpsPort, {
      servername: "mta-sts.example.com",
      minVersion: version,
      maxVersion: version,
      ciphers: "ALL:@SECLEVEL=0",
    });
    await expect(attempt).rejects.toThrow(/alert protocol version/i);
  });

  test("RFC 9325 §4.2: in TLS 1.2 only authenticated encryption with forward secrecy is spoken", async () => {
    const offer = (ciphers: string) =>
      openTls(server.httpsPort, { servername: "mta-sts.example.com", maxVersion: "TLSv1.2", ciphers });
    (await offer("ECDHE-ECDSA-AES128-GCM-SHA256")).destroy();
    await expect(offer("ECDHE-ECDSA-AES128-SHA256")).rejects.toThrow(/alert handshake failure/);
  });

  test("pipelined requests are answered in order on one connection", async () => {
    const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: mta-sts.example.com\r\n`;
    const answer = await ask(
      `${get("/.well-known/mta-sts.txt")}\r\n${get("/first")}\r\n${get("/.well-known/mta-sts.txt")}Connection: close\r\n\r\n`,
    );
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 200", "HTTP/1.1 404", "HTTP/1.1 200"]);
  });

  test("a policy change is answered with in under a second, and so is a new domain", async () => {
    const startedAtMs = performance.now();
    await hosting.update("example.org", { mode: "enforce", mx: ["mx.example.org"] });
    await hosting.serve("example.edu");
    await expect
      .poll(() => fetchRaw(server.httpsPort, "mta-sts.example.org"), { interval: 20 })
      .toContain("mode: enforce");
    await expect
      .poll(() => fetchRaw(server.httpsPort, "mta-sts.example.edu"), { interval: 20 })
      .toContain("200 OK");
    expect(performance.now() - startedAtMs).toBeLessThan(1_000);
  });

  test("a certificate that came later is used as soon as it is announced, and so is its successor", async () => {
    await hosting.serve("later.example", { certificate: false });
    await expect(openTls(server.httpsPort, { servername: "mta-sts.later.example" })).rejects.toThrow();
    for (const announced of [1, 2]) {
      await hosting.storeCertificate("mta-sts.later.example", {
        notAfter: new Date(`209${announced}-01-01`),
      });
      await expect
        .poll(async () => {
          const socket = await openTls(server.httpsPort, { servername: "mta-sts.later.example" });
          const { valid_to } = socket.getPeerCertificate();
          socket.destroy();
          return valid_to;
        })
        .toContain(`209${announced}`);
    }
  });

  test("RFC 8555 §8.3: port 80 answers open challenges and 404 for everything else", async () => {
    const get = async (path: string, method = "GET") =>
      exchange(
        await openTcp(server.httpPort),
        `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      );
    await hosting.openChallenge("tok-1", "tok-1.thumbprint");
    await hosting.openChallenge("tok-2", "tok-2.thumbprint", new Date(Date.now() - 1));
    await expect
      .poll(() => get("/.well-known/acme-challenge/tok-1"))
      .toMatch(/200 OK.*\r\n\r\ntok-1\.thumbprint$/s);
    expect(await get("/.well-known/acme-challenge/tok-2")).toMatch(/^HTTP\/1\.1 404 /);
    expect(await get("/.well-known/acme-challenge/")).toMatch(/^HTTP\/1\.1 404 /);
    expect(await get("/.well-known/mta-sts.txt")).toMatch(/^HTTP\/1\.1 404 /);
    expect(await get("/.well-known/acme-challenge/tok-1", "POST")).toMatch(/^HTTP\/1\.1 404 /);
  });
});
