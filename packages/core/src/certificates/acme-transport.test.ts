import { generateKeyPairSync } from "node:crypto";
import { createServer, type RequestListener, type Server } from "node:http";
import { afterEach, expect, test } from "vitest";
import { createAcmeDirectory } from "./acme-directory.ts";
import { type AcmeTransport, openAcmeTransport } from "./acme-transport.ts";

let server: Server;
let transport: AcmeTransport;
afterEach(async () => {
  transport.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const NOW = new Date("2026-05-01T12:00:00Z");

/** A CA whose `new-order` answers as given; returns a directory on it and how often that was asked. */
async function startCa(newOrder: RequestListener) {
  let asked = 0;
  let nonces = 0;
  server = createServer((request, response) => {
    const base = `http://${request.headers.host}`;
    response.setHeader("replay-nonce", `nonce${nonces++}`);
    if (request.url === "/new-order") {
      asked++;
      return newOrder(request, response);
    }
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ newNonce: `${base}/nonce`, newOrder: `${base}/new-order` }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const directoryUrl = `http://127.0.0.1:${port}/dir`;
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  transport = openAcmeTransport({
    directoryUrl,
    accountKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    accountUrl: `${directoryUrl}/account/1`,
    timeoutMs: 1_000,
    now: () => NOW,
  });
  const caa = { identities: [], accountUrl: `${directoryUrl}/account/1`, checksAccounts: false };
  return { directory: createAcmeDirectory({ directoryUrl, caa }, transport, () => NOW), asked: () => asked };
}

const problem = (type: string, detail: string, more = {}) =>
  JSON.stringify({ type: `urn:ietf:params:acme:error:${type}`, detail, ...more });

test.for([
  ["120", 120_000],
  ["Fri, 01 May 2026 12:05:00 GMT", 300_000],
  ["Fri, 01 May 2026 11:00:00 GMT", 0],
  ["soon", undefined],
] as const)(
  "RFC 8555 §6.6: a rate limit is one try, with Retry-After %s as %s ms",
  async ([header, retryAfterMs]) => {
    const ca = await startCa((_request, response) => {
      response.writeHead(429, { "content-type": "application/problem+json", "retry-after": header });
      response.end(problem("rateLimited", "too many orders"));
    });
    await expect(ca.directory.createOrder("mta-sts.example.com")).rejects.toMatchObject({
      kind: "refused",
      type: "rateLimited",
      status: 429,
      message: "too many orders",
      retryAfterMs,
    });
    expect(ca.asked()).toBe(1);
  },
);

test("RFC 8555 §6.7.1: subproblems are kept", async () => {
  const ca = await startCa((_request, response) => {
    response.writeHead(403, { "content-type": "application/problem+json" });
    const subproblems = [{ type: "urn:ietf:params:acme:error:caa", detail: "CAA forbids" }];
    response.end(problem("compound", "see below", { subproblems }));
  });
  await expect(ca.directory.createOrder("mta-sts.example.com")).rejects.toMatchObject({
    type: "compound",
    subproblems: [{ type: "caa", detail: "CAA forbids" }],
  });
});

test("RFC 8555 §6.5: a refused nonce is replaced by the fresh one that came with the refusal", async () => {
  let isRefusing = true;
  const nonces: string[] = [];
  const ca = await startCa((request, response) => {
    let text = "";
    request.on("data", (chunk) => {
      text += chunk;
    });
    request.on("end", () => {
      const body: { protected: string } = JSON.parse(text);
      nonces.push(JSON.parse(Buffer.from(body.protected, "base64url").toString()).nonce);
      if (nonces.length === 3) isRefusing = false;
      response.writeHead(isRefusing ? 400 : 201, {
        "content-type": "application/json",
        location: "http://ca.example/order/1",
      });
      const order = { status: "pending", authorizations: [], finalize: "http://ca.example/f" };
      response.end(isRefusing ? problem("badNonce", "stale") : JSON.stringify(order));
    });
  });
  expect((await ca.directory.createOrder("mta-sts.example.com")).url).toBe("http://ca.example/order/1");
  expect(nonces).toEqual(["nonce1", "nonce2", "nonce3"]);
});

test.for<[string, RequestListener, object]>([
  [
    "503 without a reason",
    (_, response) => response.writeHead(503).end("down"),
    { kind: "unreachable", status: 503 },
  ],
  ["a dropped connection", (request) => request.socket.destroy(), { kind: "unreachable" }],
  ["no answer at all", () => undefined, { kind: "unreachable", message: "It does not answer within 1 s" }],
  [
    "a redirect",
    (_, response) => response.writeHead(302, { location: "/new-order" }).end(),
    { kind: "unusable" },
  ],
  [
    "an order that is none",
    (_, response) => response.writeHead(201, { location: "x" }).end("{}"),
    { kind: "unusable" },
  ],
  [
    "an answer that never ends",
    (_, response) => response.writeHead(201).end("x".repeat(2_000_000)),
    { kind: "unreachable" },
  ],
])("%s is one try and one typed error", async ([, answer, expected]) => {
  const ca = await startCa(answer);
  await expect(ca.directory.createOrder("mta-sts.example.com")).rejects.toMatchObject({
    name: "AcmeError",
    ...expected,
  });
  expect(ca.asked()).toBe(1);
});
