import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  createUntrustedAuthority,
  type TestCertificate,
  type UntrustedAuthority,
} from "../testing/create-untrusted-authority.ts";
import { startTestDns, type TestDns } from "../testing/start-test-dns.ts";
import { type MailScript, startTestMailServer } from "../testing/start-test-mail-server.ts";
import { createAddressGuard } from "./create-address-guard.ts";
import { createResolver } from "./create-resolver.ts";
import { probeMxHost } from "./probe-mx-host.ts";

let authority: UntrustedAuthority;
let dns: TestDns;
let certificate: TestCertificate;
const stops: (() => void)[] = [];

beforeAll(async () => {
  authority = await createUntrustedAuthority();
  certificate = await authority.issue(["mx.example.com"]);
  dns = await startTestDns([{ name: "mx.example.com", type: "A", data: "127.0.0.1" }]);
});
afterAll(() => dns.stop());
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

async function startMailServer(script: Partial<MailScript> = {}) {
  const server = await startTestMailServer({ certificateFor: () => certificate, ...script });
  stops.push(server.stop);
  return server.port;
}

function probe(port: number, changes: object = {}) {
  return probeMxHost({
    mxHost: "mx.example.com",
    resolver: createResolver({ servers: [dns.server], timeoutMs: 500 }),
    guard: createAddressGuard({ allowPrivate: true }),
    heloName: "probe.example.net",
    port,
    caPem: authority.caPem,
    timeoutMs: 3000,
    ...changes,
  });
}

test("a good MX host is reported with its certificate, and nothing but EHLO, STARTTLS and QUIT is said to it", async () => {
  const heard: string[] = [];
  const result = await probe(await startMailServer({ heard }));
  expect(result).toMatchObject({
    found: {
      tlsVersion: "TLSv1.3",
      fault: undefined,
      greeting: "mx.example.com ESMTP",
      address: "127.0.0.1",
      certificate: { subjectAltNames: ["mx.example.com"] },
    },
  });
  await expect.poll(() => heard).toEqual(["EHLO probe.example.net", "STARTTLS", "QUIT"]);
});

describe("RFC 8461 §4.2: certificates that enforcing senders refuse", () => {
  test.each<[fault: string, names: string[], validity?: { fromDays: number; toDays: number }]>([
    ["certificate-host-mismatch", ["mail.example.com"]],
    ["certificate-expired", ["mx.example.com"], { fromDays: -60, toDays: -2 }],
  ])("%s", async (fault, names, validity) => {
    const cert = await authority.issue(names, validity);
    expect(await probe(await startMailServer({ certificateFor: () => cert }))).toMatchObject({
      found: { fault: { fault } },
    });
  });

  test("certificate-not-trusted", async () => {
    const result = await probe(await startMailServer(), { caPem: undefined });
    expect(result).toMatchObject({ found: { fault: { fault: "certificate-not-trusted" } } });
  });
});

describe("why there is no TLS", () => {
  test.each<[missing: string, script: Partial<MailScript>]>([
    ["starttls-not-offered", { ehlo: "250-mx.example.com\r\n250 SIZE 1000\r\n" }],
    ["starttls-not-offered", { ehlo: "250 starttls.example.com\r\n" }],
    ["starttls-not-offered", { ehlo: "250-mx.example.com\r\n250 XSTARTTLS\r\n" }],
    ["starttls-refused", { starttls: "454 not now\r\n" }],
    ["smtp-refused", { greeting: "554 go away\r\n" }],
    ["smtp-refused", { ehlo: "502 what\r\n" }],
    ["smtp-failed", { greeting: "SSH-2.0-OpenSSH\r\n" }],
    ["smtp-failed", { greeting: `220-${"x".repeat(20_000)}` }],
    ["smtp-failed", { starttls: "220 go ahead\r\n250 injected\r\n" }],
  ])("%s %j", async (missing, script) => {
    expect(await probe(await startMailServer(script))).toMatchObject({ missing, detail: expect.any(String) });
  });

  test("a greeting in pieces and over several lines is read", async () => {
    expect(await probe(await startMailServer({ greeting: "220-one\r\n220 two\r\n" }))).toMatchObject({
      found: {},
    });
  });

  test("a server that stays silent is given up in time", async () => {
    const result = await probe(await startMailServer({ greeting: "220-" }), { timeoutMs: 300 });
    expect(result).toMatchObject({ missing: "timeout" });
  });

  test.each<[missing: string, changes: object]>([
    ["no-domain", { mxHost: "absent.example" }],
    ["connection-failed", { port: 1 }],
    ["address-refused", { guard: createAddressGuard({ allowPrivate: false }) }],
  ])("%s", async (missing, changes) => {
    expect(await probe(await startMailServer(), changes)).toMatchObject({ missing, greeting: undefined });
  });
});

describe("the default certificate of a mail server that serves several names", () => {
  test("is named when the server ends the handshake for our name", async () => {
    const defaultCertificate = await authority.issue(["mail.example.net"]);
    const heard: string[] = [];
    const port = await startMailServer({ certificateFor: () => undefined, defaultCertificate, heard });
    const detail =
      "The server closed the connection during the TLS handshake. Asked for no name, it presents CN=common.example";
    expect(await probe(port)).toMatchObject({ missing: "tls-failed", detail });
    await expect
      .poll(() => heard)
      .toEqual([...["EHLO probe.example.net", "STARTTLS"], ...heard.slice(0, 2), "QUIT"]);
  });

  test("is not asked for when the server just lacks a certificate of the kind asked for", async () => {
    const heard: string[] = [];
    const port = await startMailServer({ defaultCertificate: certificate, heard });
    expect(await probe(port, { sigalgs: "rsa_pss_rsae_sha256" })).toMatchObject({ missing: "tls-failed" });
    expect(heard.filter((line) => line === "STARTTLS")).toHaveLength(1);
  });

  test("is named when it is not for the MX host", async () => {
    const other = await authority.issue(["mail.example.net"]);
    const port = await startMailServer({ certificateFor: () => other, defaultCertificate: other });
    const detail =
      "It is for mail.example.net, not for mx.example.com. This is the server's default certificate (CN=common.example)";
    expect(await probe(port)).toMatchObject({
      found: { fault: { fault: "certificate-host-mismatch", detail } },
    });
  });
});
