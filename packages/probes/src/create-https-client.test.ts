import { once } from "node:events";
import type { RequestListener } from "node:http";
import { createServer } from "node:https";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createUntrustedAuthority, type UntrustedAuthority } from "../testing/create-untrusted-authority.ts";
import { addressOf, startTestDns, type TestDns } from "../testing/start-test-dns.ts";
import { type AddressGuard, createAddressGuard } from "./create-address-guard.ts";
import { createHttpsClient, type HttpsClientOptions } from "./create-https-client.ts";
import { createResolver } from "./create-resolver.ts";

/** The world outside; 127.0.0.1 is inside, where nothing may ever arrive. */
const OUTSIDE = "127.0.0.2";
const outsideOnly: AddressGuard = {
  findRefusal: (address) => (address === OUTSIDE ? undefined : `${address} is not public`),
};

let authority: UntrustedAuthority;
let dns: TestDns;
/** How often rebound.example has been asked for. */
let lookUps = 0;
const stops: (() => void)[] = [];

beforeAll(async () => {
  authority = await createUntrustedAuthority();
  const records = [
    { name: "out.example", type: "A", data: OUTSIDE },
    { name: "in.example", type: "A", data: "127.0.0.1" },
    { name: "metadata.example", type: "A", data: "169.254.169.254" },
    { name: "mapped.example", type: "AAAA", data: "::ffff:127.0.0.1" },
  ] as const;
  dns = await startTestDns([...records], ({ name, type }) => {
    if (name !== "rebound.example" || type !== "A") return undefined;
    return { answers: [{ type, name, ttl: 0, data: lookUps++ === 0 ? OUTSIDE : "127.0.0.1" }] };
  });
});
afterAll(() => dns.stop());
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** A server of these names at an address; `reached` counts connections. */
async function startServer(listener: RequestListener, { address = OUTSIDE, port = 0 } = {}) {
  const names = ["out.example", "in.example", "rebound.example"];
  const server = createServer(await authority.issue(names), listener);
  let reached = 0;
  server.on("connection", () => reached++);
  server.listen(port, address);
  await once(server, "listening");
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: addressOf(server.address()).port, reached: () => reached };
}

function client(changes: Partial<HttpsClientOptions> = {}) {
  const resolver = createResolver({ servers: [dns.server], timeoutMs: 500 });
  return createHttpsClient({ resolver, guard: outsideOnly, caPem: authority.caPem, ...changes });
}

test("an answer of any status comes with its body and headers; a body makes it a POST", async () => {
  const { port } = await startServer((request, response) => {
    request.pipe(response.writeHead(418, { "content-type": "text/plain", "x-method": request.method ?? "" }));
  });
  const url = `https://out.example:${port}/path?query`;
  const posted = await client().send({ url, body: "a=ä", headers: { "content-type": "text/plain" } });
  expect(posted).toMatchObject({ status: 418, body: "a=ä", headers: { "x-method": "POST" } });
  expect(await client().send({ url })).toMatchObject({ status: 418, headers: { "x-method": "GET" } });
});

describe("addresses inside", () => {
  test.each([
    "https://127.0.0.1/",
    "https://2130706433/",
    "https://0177.0.0.1/",
    "https://0x7f000001/",
    "https://0x7f.1/",
    "https://127.1/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://１２７.0.0.1/",
    "https://169.254.169.254/latest/meta-data/",
  ])("an address in digits is refused before anything is sent: %s", async (url) => {
    expect(await client({ guard: createAddressGuard({ allowPrivate: true }) }).send({ url })).toMatchObject({
      missing: "bad-url",
    });
  });

  test.each([
    "http://out.example/",
    "ftp://out.example/",
    "file:///etc/passwd",
    "https://a@out.example/",
    "https://:b@out.example/",
    "x",
  ])("what is not plain https is refused: %s", async (url) => {
    expect(await client().send({ url })).toMatchObject({ missing: "bad-url" });
  });

  test.each(["in.example", "metadata.example", "mapped.example"])(
    "a name that means an address inside is refused: %s",
    async (host) => {
      const inside = await startServer((_, response) => response.end("secret"), { address: "127.0.0.1" });
      const answer = await client().send({ url: `https://${host}:${inside.port}/` });
      expect(answer).toMatchObject({ missing: "address-refused" });
      expect(inside.reached()).toBe(0);
    },
  );

  test.each([
    "https://in.example:PORT/",
    "https://127.0.0.1:PORT/",
    "//[::ffff:127.0.0.1]:PORT/",
    "http://in.example:PORT/",
  ])("a redirect to the inside is not followed: %s", async (location) => {
    const inside = await startServer((_, response) => response.end("secret"), { address: "127.0.0.1" });
    const outside = await startServer((_, response) => {
      response.writeHead(302, { location: location.replace("PORT", String(inside.port)) }).end();
    });
    const answer = await client().send({ url: `https://out.example:${outside.port}/` });
    expect("missing" in answer && answer.missing).toMatch(/^(address-refused|bad-url)$/);
    expect([outside.reached(), inside.reached()]).toEqual([1, 0]);
  });

  test("a name that means the inside from its second look-up on is not followed there", async () => {
    lookUps = 0;
    const outside = await startServer((_, response) => response.writeHead(302, { location: "/again" }).end());
    const inside = await startServer((_, response) => response.end("secret"), {
      address: "127.0.0.1",
      port: outside.port,
    });
    const answer = await client().send({ url: `https://rebound.example:${outside.port}/` });
    expect(answer).toMatchObject({ missing: "address-refused" });
    expect([lookUps, outside.reached(), inside.reached()]).toEqual([2, 1, 0]);
  });

  test("where private addresses are allowed, the same name is asked", async () => {
    const inside = await startServer((_, response) => response.end("ours"), { address: "127.0.0.1" });
    const guard = createAddressGuard({ allowPrivate: true });
    const answer = await client({ guard }).send({ url: `https://in.example:${inside.port}/` });
    expect(answer).toMatchObject({ status: 200, body: "ours" });
  });
});

describe("redirects", () => {
  test("three are followed, a fourth is not", async () => {
    const { port, reached } = await startServer(({ url = "" }, response) => {
      const left = Number(url.slice(1));
      if (left === 0) response.end("there");
      else response.writeHead(302, { location: `/${left - 1}` }).end();
    });
    expect(await client().send({ url: `https://out.example:${port}/3` })).toMatchObject({ body: "there" });
    expect(await client().send({ url: `https://out.example:${port}/4` })).toMatchObject({
      missing: "too-many-redirects",
    });
    expect(reached()).toBe(8);
  });

  test("what is posted and what is authorized goes nowhere else", async () => {
    const { port, reached } = await startServer((_, response) =>
      response.writeHead(307, { location: "/elsewhere" }).end(),
    );
    const url = `https://out.example:${port}/`;
    expect(await client().send({ url, body: "secret" })).toMatchObject({ status: 307 });
    const headers = { authorization: "Bearer secret" };
    expect(await client().send({ url, headers })).toMatchObject({ status: 307 });
    expect(reached()).toBe(2);
  });
});

describe("bounds", () => {
  test("a body without end is cut off at the limit", async () => {
    let closed = false;
    const { port } = await startServer((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write("x".repeat(16_384)));
      };
      response.on("drain", more).on("close", () => {
        closed = true;
      });
      more();
    });
    const answer = await client({ maxBytes: 100_000 }).send({ url: `https://out.example:${port}/` });
    expect(answer).toMatchObject({ missing: "too-large" });
    await expect.poll(() => closed).toBe(true);
  });

  test.each([
    ["body", (send: (text: string) => void) => send("HTTP/1.1 200 OK\r\n\r\n")],
    ["headers", (send: (text: string) => void) => send("HTTP/1.1 200 OK\r\nx-slow: ")],
  ])("%s that come a byte at a time end when the time is over", async (_part, begin) => {
    const { port } = await startServer(({ socket }) => {
      begin((text) => socket.write(text));
      const timer = setInterval(() => socket.write("x"), 20);
      socket.on("close", () => clearInterval(timer));
    });
    const startedAt = performance.now();
    const answer = await client({ timeoutMs: 400 }).send({ url: `https://out.example:${port}/` });
    expect(answer).toMatchObject({ missing: "timeout" });
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });

  test("headers without end are refused", async () => {
    const { port } = await startServer((_, response) => {
      response.writeHead(200, { "x-long": "x".repeat(20_000) }).end();
    });
    expect(await client().send({ url: `https://out.example:${port}/` })).toMatchObject({
      missing: "http-failed",
    });
  });

  test("a certificate of another name or authority is refused", async () => {
    const { port } = await startServer((_, response) => response.end("there"));
    const url = `https://out.example:${port}/`;
    expect(await client({ caPem: undefined }).send({ url })).toMatchObject({
      missing: "certificate-not-trusted",
    });
  });
});
