import { once } from "node:events";
import { createServer, type ServerOptions } from "node:https";
import type { Answer } from "dns-packet";
import { afterEach, beforeAll, expect, test } from "vitest";
import {
  createUntrustedAuthority,
  type TestCertificate,
  type UntrustedAuthority,
} from "../testing/create-untrusted-authority.ts";
import { addressOf, startTestDns } from "../testing/start-test-dns.ts";
import { startTestMailServer } from "../testing/start-test-mail-server.ts";
import { describeAddresses, fetchPolicyEverywhere, probeMxEverywhere } from "./check-every-address.ts";
import { createAddressGuard } from "./create-address-guard.ts";
import { createResolver } from "./create-resolver.ts";

const HOST = "mta-sts.example.com";
const BODY = "version: STSv1\r\nmode: testing\r\nmx: mx1.example.com\r\nmax_age: 604800\r\n";
const EXPIRED = { fromDays: -9, toDays: -1 };

let authority: UntrustedAuthority;
let good: TestCertificate;
let expired: TestCertificate;
let expiredRsa: TestCertificate;
let goodRsa: TestCertificate;
const stops: (() => unknown)[] = [];
beforeAll(async () => {
  authority = await createUntrustedAuthority();
  [good, expired, goodRsa, expiredRsa] = await Promise.all([
    authority.issue([HOST]),
    authority.issue([HOST], EXPIRED),
    authority.issue([HOST], undefined, "RSA"),
    authority.issue([HOST], EXPIRED, "RSA"),
  ]);
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function serve(address: string, options: ServerOptions, body = BODY, port = 0): Promise<number> {
  const server = createServer(options, (_, response) => response.writeHead(200).end(body));
  server.listen(port, address);
  await once(server, "listening");
  stops.push(() => server.close());
  return addressOf(server.address()).port;
}

async function resolverFor(...addresses: string[]) {
  const dns = await startTestDns(
    addresses.map((data): Answer => ({ name: HOST, type: data.includes(":") ? "AAAA" : "A", data })),
  );
  stops.push(dns.stop);
  return createResolver({ servers: [dns.server], timeoutMs: 500 });
}

async function fetchFrom(httpsPort: number, ...addresses: string[]) {
  return fetchPolicyEverywhere({
    domain: "example.com",
    resolver: await resolverFor(...addresses),
    guard: createAddressGuard({ allowPrivate: true }),
    httpsPort,
    caPem: authority.caPem,
    timeoutMs: 5_000,
  });
}

test("RFC 8461 §3.3: each address of the policy host is asked, and the one that does not answer is named", async () => {
  const port = await serve("127.0.0.1", good);
  await serve("127.0.0.2", good, BODY, port);
  const { every, ...fetched } = await fetchFrom(port, "127.0.0.1", "127.0.0.2", "127.0.0.3");
  expect(fetched).toMatchObject({ found: { body: BODY } });
  expect(describeAddresses(every.addresses)).toBe(
    `2 of 3 addresses are fine; 127.0.0.3 refuses connections on port ${port}`,
  );
});

test("an address with another certificate or another policy is distinguished from those that are correct", async () => {
  const port = await serve("127.0.0.1", good);
  await serve("127.0.0.2", expired, BODY, port);
  await serve("127.0.0.3", good, BODY.replace("testing", "none"), port);
  const { every } = await fetchFrom(port, "127.0.0.1", "127.0.0.2", "127.0.0.3");
  expect(describeAddresses(every.addresses)).toMatch(
    /^1 of 3 addresses is fine; 127\.0\.0\.2: It expired on \d+ \w{3} \d{4}, \d\d:\d\d UTC; 127\.0\.0\.3: It serves another policy$/,
  );
});

test("one address, or all of them fine: nothing to say", async () => {
  const port = await serve("127.0.0.1", good);
  await serve("127.0.0.2", good, BODY, port);
  expect((await fetchFrom(port, "127.0.0.1")).every).toEqual({ addresses: [], otherKey: undefined });
  const { every } = await fetchFrom(port, "127.0.0.1", "127.0.0.2");
  expect(every.addresses.map(({ state }) => state)).toEqual(["fine", "fine"]);
  expect(describeAddresses(every.addresses)).toBeUndefined();
});

test("an address to which we have no way ourselves counts neither as good nor as bad", () => {
  expect(
    describeAddresses([
      { address: "192.0.2.1", state: "fine", detail: "" },
      { address: "192.0.2.2", state: "failed", detail: "192.0.2.2 does not answer on port 443" },
      { address: "2001:db8::1", state: "unknown", detail: "2001:db8::1 cannot be reached from here" },
    ]),
  ).toBe("1 of 2 addresses is fine; 192.0.2.2 does not answer on port 443");
});

test("at most four addresses of each family are asked", async () => {
  const port = await serve("127.0.0.1", good);
  const many = Array.from({ length: 40 }, (_, index) => `127.0.1.${index}`);
  const { every } = await fetchFrom(port, "127.0.0.1", ...many);
  expect(every.addresses).toHaveLength(4);
});

test("no address that the guard refuses is connected to, whichever place it has", async () => {
  const port = await serve("127.0.0.1", good);
  const guard = {
    findRefusal: (address: string) =>
      address === "127.0.0.2" ? `${address} is not a public address` : undefined,
  };
  const resolver = await resolverFor("127.0.0.1", "127.0.0.2");
  const options = { domain: "example.com", resolver, guard, httpsPort: port, caPem: authority.caPem };
  const { every } = await fetchPolicyEverywhere(options);
  expect(describeAddresses(every.addresses)).toBe(
    "1 of 2 addresses is fine; 127.0.0.2 is not a public address",
  );
});

test.each([
  ["RSA", () => [good, expiredRsa]],
  ["ECDSA", () => [goodRsa, expired]],
] as const)(
  "a server with two kinds of certificate is asked for both: the %s one is bad",
  async (keyType, pairs) => {
    const [first = good, second = good] = pairs();
    // OpenSSL prefers ECDSA where it may choose: only a client that cannot take it gets the other one.
    const both = { key: [first.key, second.key], cert: [first.cert, second.cert] };
    const port = await serve("127.0.0.1", both);
    const { every, ...fetched } = await fetchFrom(port, "127.0.0.1");
    if ("found" in fetched)
      expect(every.otherKey).toMatchObject({ keyType, detail: expect.stringMatching(/^It expired on/) });
    else expect(fetched.missing).toBe("certificate-expired");
  },
);

test("RFC 8461 §4.2: each address of an MX host is probed", async () => {
  const mail = await startTestMailServer({ certificateFor: () => good });
  stops.push(mail.stop);
  const { every, ...probe } = await probeMxEverywhere({
    mxHost: HOST,
    resolver: await resolverFor("127.0.0.2", "127.0.0.1"),
    guard: createAddressGuard({ allowPrivate: true }),
    heloName: "check.example.net",
    port: mail.port,
    caPem: authority.caPem,
    timeoutMs: 5_000,
  });
  expect(probe).toMatchObject({ found: { address: "127.0.0.1" } });
  expect(describeAddresses(every.addresses)).toBe(
    `1 of 2 addresses is fine; 127.0.0.2 refuses connections on port ${mail.port}`,
  );
});

test.each([
  ["RSA", () => [good, expiredRsa]],
  ["ECDSA", () => [goodRsa, expired]],
] as const)(
  "RFC 8461 §4.2: an MX host with two kinds of certificate is asked for both: the %s one is bad",
  async (keyType, pairs) => {
    const [first = good, second = good] = pairs();
    const both = { key: [first.key, second.key], cert: [first.cert, second.cert] };
    const mail = await startTestMailServer({ certificateFor: () => both });
    stops.push(mail.stop);
    const { every, ...probe } = await probeMxEverywhere({
      mxHost: HOST,
      resolver: await resolverFor("127.0.0.1"),
      guard: createAddressGuard({ allowPrivate: true }),
      heloName: "check.example.net",
      port: mail.port,
      caPem: authority.caPem,
      timeoutMs: 5_000,
    });
    const seen = "found" in probe ? (probe.found.fault?.detail ?? every.otherKey?.detail) : undefined;
    expect(seen).toMatch(/^It expired on/);
    if ("found" in probe && !probe.found.fault) expect(every.otherKey?.keyType).toBe(keyType);
  },
);
