import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";

let api: TestApi;
let key: string;
beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"), { limitsRate: true });
  ({ key } = await api.newAccount("Acme"));
});
afterAll(() => api.stop());

const NO_ID = "00000000-0000-7000-8000-000000000000";

test("a request without a key learns how to send one (RFC 9110 §15.5.2)", async () => {
  const { status, headers } = await api.ask("GET", "/api/v1/domains");
  expect([status, headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="Waxseal"']);
});

test("a method that an address does not have is named, with those it has (RFC 9110 §15.5.6)", async () => {
  const { status, headers, json } = await api.ask("PATCH", `/api/v1/domains/${NO_ID}?x=1`, { key });
  expect([status, headers.get("allow")]).toEqual([405, expect.stringMatching(/\bGET\b/)]);
  expect(json).toMatchObject({ detail: expect.stringMatching(/no method PATCH; it has .*GET/), status: 405 });
  expect((await api.ask("DELETE", "/api/v1/domains", { key })).headers.get("allow")).toBe("GET, HEAD, POST");
  expect((await api.ask("GET", "/api/v1/nothing", { key })).status).toBe(404);
});

test("a parameter that does not exist is refused by its name", async () => {
  const { status, json } = await api.ask("GET", "/api/v1/domains?limt=5", { key });
  expect(status).toBe(422);
  expect(json).toMatchObject({ detail: expect.stringContaining("limt") });
});

test.each([
  ["POST", "/api/v1/domains", { domain: "example.com", mod: "enforce" }, "mod"],
  ["PUT", `/api/v1/domains/${NO_ID}/policy`, { mode: "none", mx: [], maxAgeSecond: 9 }, "maxAgeSecond"],
  ["POST", "/api/v1/domains/bulk", { items: [{ domain: "example.com", tag: "x" }] }, "tag"],
  ["POST", "/api/v1/customers", { name: "Bakery", external: "7" }, "external"],
])(
  "a field that does not exist is refused by its name, also in a list: %s %s",
  async (method, path, body, name) => {
    const { status, json } = await api.ask(method, path, { key, body });
    expect([status, JSON.stringify(json)]).toEqual([422, expect.stringContaining(name)]);
  },
);

test("the account may be named in the address of every request", async () => {
  const { accountId, key: other } = await api.newAccount("Named");
  expect((await api.ask("GET", `/api/v1/domains?account=${accountId}`, { key: other })).status).toBe(200);
});

test("a cursor that is none is the caller's mistake on every list", async () => {
  const document = Object((await api.ask("GET", "/api/openapi.json")).json);
  const lists = Object.entries<
    Record<string, { parameters?: { name: string; in: string; required?: boolean }[] }>
  >(document.paths).flatMap(([path, { get }]) =>
    get?.parameters?.some(({ name }) => name === "cursor") ? [path] : [],
  );
  expect(lists.length).toBeGreaterThan(5);
  const { json } = await api.ask("POST", "/api/v1/domains", { key, body: { domain: "lists.example.com" } });
  const statuses = await Promise.all(
    lists.map(async (path) => {
      const address = path.replace("{id}", Object(json).id);
      const { status, json: problem } = await api.ask("GET", `${address}?cursor=%00no-cursor`, { key });
      return [path, status, Object(problem).code];
    }),
  );
  expect(statuses.filter(([path]) => !String(path).includes("{"))).toEqual(
    statuses.filter(([path]) => !String(path).includes("{")).map(([path]) => [path, 422, "invalid"]),
  );
});

test("an empty body is none, whatever type the client sets", async () => {
  const headers = { "content-type": "application/json" };
  const { status } = await api.ask("DELETE", `/api/v1/api-keys/${NO_ID}`, { key, headers });
  expect(status).not.toBe(400);
});

test("answers are compressed for clients that can read that, and small ones are not", async () => {
  const gzip = { "accept-encoding": "gzip" };
  const large = await fetch(`${api.url}/api/openapi.json`, { headers: gzip });
  expect(large.headers.get("content-encoding")).toBe("gzip");
  expect(Object(await large.json()).openapi).toBe("3.1.0");
  const small = await fetch(`${api.url}/api/v1/info`, { headers: gzip });
  expect(small.headers.get("content-encoding")).toBeNull();
  const plain = await fetch(`${api.url}/api/openapi.json`, { headers: { "accept-encoding": "identity" } });
  expect(plain.headers.get("content-encoding")).toBeNull();
});

test("every answer says how many requests are left", async () => {
  const { headers } = await api.ask("GET", "/api/v1/info");
  expect(Number(headers.get("ratelimit-remaining"))).toBeGreaterThan(0);
  expect(headers.get("ratelimit-limit")).toMatch(/^\d+$/);
});
