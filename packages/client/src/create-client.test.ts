import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createClient, eachItem, WaxsealError } from "./index.ts";

type Reply = { status?: number; headers?: Record<string, string>; body?: unknown; hangs?: boolean };

let server: Server;
let url: string;
let replies: Reply[] = [];
const asked: { line: string; headers: IncomingMessage["headers"]; body: string }[] = [];
beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    asked.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
    const reply = replies.shift() ?? {};
    if (reply.hangs) return;
    response.writeHead(reply.status ?? 200, { "content-type": "application/json", ...reply.headers });
    response.end(typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  replies = [];
  asked.length = 0;
});

const reply = (...next: Reply[]) => replies.push(...next);
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => (error instanceof WaxsealError ? error : undefined),
  );

test("an operation sends its path, query, body, key, account and headers as the API reads them", async () => {
  const waxseal = createClient({ url: `${url}/`, token: "wxs_key", account: "customer" });
  await waxseal.listDomains({ query: { q: "a&b", status: undefined, limit: 5 } });
  await waxseal.createDomain({ body: { domain: "example.com" }, idempotencyKey: "one", account: "other" });
  await waxseal.setDomainPolicy({
    path: { id: "a/b" },
    body: { mode: "testing", mx: ["mx.example"], maxAgeSeconds: 86_400 },
    ifMatch: '"3"',
  });
  expect(asked.map(({ line, body }) => [line, body])).toEqual([
    ["GET /api/v1/domains?q=a%26b&limit=5", ""],
    ["POST /api/v1/domains", '{"domain":"example.com"}'],
    ["PUT /api/v1/domains/a%2Fb/policy", '{"mode":"testing","mx":["mx.example"],"maxAgeSeconds":86400}'],
  ]);
  const names = ["authorization", "x-waxseal-account", "idempotency-key", "if-match", "content-type"];
  expect(asked.map(({ headers }) => names.map((name) => headers[name]))).toEqual([
    ["Bearer wxs_key", "customer", undefined, undefined, undefined],
    ["Bearer wxs_key", "other", "one", undefined, "application/json"],
    ["Bearer wxs_key", "customer", undefined, '"3"', "application/json"],
  ]);
});

test("JSON is read, nothing is undefined, and a file is the response itself, with its headers", async () => {
  const etags: (string | null)[] = [];
  const waxseal = createClient({ url, onResponse: ({ headers }) => etags.push(headers.get("etag")) });
  reply({ body: { items: [] }, headers: { etag: '"7"' } }, { status: 204, body: "" });
  reply({ body: "domain,state\n", headers: { "content-type": "text/csv; charset=utf-8" } });
  expect(await waxseal.listApiKeys()).toEqual({ items: [] });
  expect(await waxseal.deleteDomain({ path: { id: "x" } })).toBeUndefined();
  const file = await waxseal.getEventsExport({ query: { format: "csv" } });
  expect([await file.text(), etags]).toEqual(["domain,state\n", ['"7"', null, null]]);
  reply({ body: "{}\n", headers: { "content-disposition": 'attachment; filename="account.json"' } });
  expect(await (await waxseal.getAccountExport()).text()).toBe("{}\n");
});

test("a refusal is an error with the problem document, its reason, and how long to wait", async () => {
  const waxseal = createClient({ url });
  const problem = { status: 409, code: "conflict", reason: "domain_exists", detail: "It is there already." };
  const type = { "content-type": "application/problem+json" };
  reply({ status: 409, headers: type, body: { ...problem, collidesWith: { kind: "domain", id: "d1" } } });
  const error = await failure(waxseal.createDomain({ body: { domain: "example.com" } }));
  expect(error).toMatchObject({ status: 409, code: "conflict", reason: "domain_exists" });
  expect([error?.message, error?.problem?.collidesWith?.id]).toEqual(["It is there already.", "d1"]);
  reply({ status: 429, headers: { "retry-after": "7" }, body: "<html>Too many</html>" });
  const plain = await failure(waxseal.getMe());
  expect(plain).toMatchObject({ status: 429, code: undefined, retryAfterSeconds: 7 });
  expect(plain?.message).toBe(`${url} refused the request with status 429.`);
});

test("a redirect, a web page, silence and a closed port are errors in words, and no key is sent on", async () => {
  const waxseal = createClient({ url, token: "wxs_key" });
  reply({ status: 302, headers: { location: `${url}/elsewhere` } });
  expect((await failure(waxseal.getMe()))?.message).toContain("sends requests to another address");
  reply({ body: "<!doctype html>", headers: { "content-type": "text/html" } });
  expect((await failure(waxseal.getMe()))?.message).toContain("not the address of the API");
  expect(asked).toHaveLength(2);
  reply({ hangs: true });
  const hasty = createClient({ url, timeoutMs: 50 });
  expect((await failure(hasty.getMe()))?.message).toBe("The server did not answer in time.");
  const closed = createClient({ url: "http://127.0.0.1:1" });
  expect((await failure(closed.getMe()))?.message).toBe("http://127.0.0.1:1 does not answer.");
  for (const wrong of ["", "waxseal.example", "ftp://waxseal.example", "https://"])
    expect(() => createClient({ url: wrong }), wrong).toThrow(/must begin with https/);
});

test("a caller can cancel, and a path value that would name another address is refused", async () => {
  const waxseal = createClient({ url });
  const stopped = AbortSignal.abort(new Error("stopped"));
  await expect(waxseal.getMe({ signal: stopped })).rejects.toThrow("stopped");
  for (const id of ["", ".", ".."])
    await expect(waxseal.getDomain({ path: { id } })).rejects.toThrow(/for id/);
  expect(asked).toEqual([]);
});

test("a list is followed to its end, only as far as it is used, and never in a circle", async () => {
  const waxseal = createClient({ url });
  const names = (from: number) => [`k${from}`, `k${from + 1}`];
  const pages = [
    { items: names(1), nextCursor: "2" },
    { items: names(3), nextCursor: null },
  ];
  const read = async (most: number) => {
    const found: unknown[] = [];
    for await (const item of eachItem((cursor) => waxseal.listEvents({ query: { cursor } }))) {
      found.push(item);
      if (found.length === most) break;
    }
    return found;
  };
  reply(...pages.map((body) => ({ body })));
  expect(await read(9)).toEqual(["k1", "k2", "k3", "k4"]);
  expect(asked.map(({ line }) => line)).toEqual(["GET /api/v1/events", "GET /api/v1/events?cursor=2"]);
  reply(...pages.map((body) => ({ body })));
  expect([await read(2), asked.length]).toEqual([["k1", "k2"], 3]);
  replies = [1, 2].map(() => ({ body: { items: [], nextCursor: "2" } }));
  await expect(read(9)).rejects.toThrow(/twice/);
});
