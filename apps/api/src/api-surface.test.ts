import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";

let api: TestApi;
let distDir: string;
beforeAll(async () => {
  distDir = await mkdtemp(join(tmpdir(), "waxseal-dist-"));
  await mkdir(join(distDir, "assets"));
  await writeFile(join(distDir, "index.html"), "<!doctype html><title>dashboard</title>");
  await writeFile(join(distDir, "assets/app-1a2b.js"), "export {};");
  await writeFile(join(distDir, "assets/app-1a2b.js.gz"), gzipSync("export {};"));
  api = await startTestApi(inject("templateDatabaseUrl"), { distDir });
});
afterAll(async () => {
  await api.stop();
  await rm(distDir, { recursive: true });
});

const html = { accept: "text/html,*/*" };

test("every page address answers the dashboard, and what is under /api/ never does", async () => {
  for (const path of ["/", "/domains", "/domains/some-id?tab=policy"]) {
    const page = await api.ask("GET", path, { headers: html });
    expect([path, page.status, page.text]).toEqual([path, 200, "<!doctype html><title>dashboard</title>"]);
    expect(page.headers.get("cache-control")).toBe("no-cache");
  }
  for (const path of ["/api", "/api/v1/nothing", "/api/nothing"]) {
    const answer = await api.ask("GET", path, { headers: html });
    expect([path, answer.status, Object(answer.json).code]).toEqual([path, 404, "not_found"]);
  }
  expect((await api.ask("GET", "/assets/missing.js")).status).toBe(404);
  expect((await api.ask("POST", "/domains", { headers: html })).status).toBe(404);
});

test("files with a hash in their name are kept, and none outside the folder is served", async () => {
  const asset = await api.ask("GET", "/assets/app-1a2b.js");
  expect(asset.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  expect(asset.headers.get("content-type")).toMatch(/javascript/);
  for (const path of ["/../package.json", "/%2e%2e/package.json", "/assets/..%2f..%2fpackage.json"]) {
    expect((await api.ask("GET", path)).text).not.toContain("@waxseal");
  }
});

test("a compressed file of the build is sent to clients that accept it", async () => {
  const plain = await fetch(`${api.url}/assets/app-1a2b.js`, { headers: { "accept-encoding": "identity" } });
  const packed = await fetch(`${api.url}/assets/app-1a2b.js`, { headers: { "accept-encoding": "gzip" } });
  expect([plain.headers.get("content-encoding"), packed.headers.get("content-encoding")]).toEqual([
    null,
    "gzip",
  ]);
  expect(await packed.text()).toBe(await plain.text());
  expect(packed.headers.get("content-type")).toMatch(/javascript/);
});

test("pages may run scripts of files of ours only, and not be framed", async () => {
  const { headers } = await api.ask("GET", "/", { headers: html });
  const csp = headers.get("content-security-policy") ?? "";
  expect(csp).toContain("script-src 'self';");
  expect(csp).toContain("frame-ancestors 'none'");
  expect(csp).not.toMatch(/script-src[^;]*unsafe/);
  expect(headers.get("x-content-type-options")).toBe("nosniff");
});

test("the OpenAPI document names every shape once and refers to none that is missing", async () => {
  const { text, json } = await api.ask("GET", "/api/openapi.json");
  const names = Object.keys(Object(json).components.schemas);
  const references = new Set(
    [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name),
  );
  expect([...references].sort()).toEqual([...names].sort());
  expect(names).toEqual(expect.arrayContaining(["Domain", "NewDomain"]));
  expect(names.filter((name) => names.includes(`${name}Input`))).toEqual([]);
});

test("without a build of the dashboard its pages say so in one sentence", async () => {
  const bare = await startTestApi(inject("templateDatabaseUrl"));
  try {
    const page = await bare.ask("GET", "/", { headers: html });
    expect([page.status, page.text]).toEqual([
      503,
      expect.stringMatching(/not been built yet.*npm run build/),
    ]);
    expect((await bare.ask("GET", "/api/v1/info")).status).toBe(200);
  } finally {
    await bare.stop();
  }
});

test("requests are limited per client, by the address a proxy of ours hands over", async () => {
  const limited = await startTestApi(inject("templateDatabaseUrl"), { limitsRate: true });
  try {
    const check = (client: string) =>
      limited.ask("GET", "/api/v1/check?domain=co.uk", { headers: { "x-forwarded-for": client } });
    const statuses: number[] = [];
    for (let index = 0; index < 21; index++) statuses.push((await check("198.51.100.1")).status);
    expect(statuses).toEqual([...Array.from({ length: 20 }, () => 422), 429]);
    const over = await check("198.51.100.1");
    expect(over.json).toMatchObject({ code: "limit_reached", status: 429 });
    expect(over.headers.get("retry-after")).toMatch(/^\d+$/);
    expect((await check("198.51.100.2")).status).toBe(422);
  } finally {
    await limited.stop();
  }
});

test.each([
  [
    { controlUrl: "http://127.0.0.1:9", mailUrl: undefined },
    { mailUrl: null, hasDns: true },
  ],
  [
    { controlUrl: undefined, mailUrl: "http://mail.example" },
    { mailUrl: "http://mail.example", hasDns: false },
  ],
  [undefined, null],
])("each running part of the sandbox is listed: %j", async (sandbox, shown) => {
  const part = await startTestApi(inject("templateDatabaseUrl"), { sandbox });
  try {
    const { key } = await part.newAccount("Parts");
    expect((await part.ask("GET", "/api/v1/info")).json).toMatchObject({ sandbox: shown });
    expect((await part.ask("GET", "/api/v1/me", { key })).json).toMatchObject({ sandbox: shown });
    const added = await part.ask("POST", "/api/v1/domains", { key, body: { domain: "parts.example" } });
    const body = { domainId: Object(added.json).id };
    const delivered = await part.ask("POST", "/api/v1/sandbox/deliver", { key, body });
    expect(delivered.status).toBe(shown?.hasDns ? 503 : 404);
  } finally {
    await part.stop();
  }
});

test("the sandbox publishes the three CNAMEs of a domain, and its refusal is passed on", async () => {
  const asked: { url: string | undefined; body: unknown }[] = [];
  const control = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      asked.push({ url: request.url, body: JSON.parse(body) });
      const refuses = request.url === "/deliver";
      const step = { at: new Date(0).toISOString(), who: "Sandbox DNS", text: "published", ok: true };
      response.writeHead(refuses ? 422 : 200, { "content-type": "application/json" });
      response.end(JSON.stringify(refuses ? { error: "The senders are off." } : { steps: [step] }));
    });
  });
  await new Promise<void>((resolve) => control.listen(0, "127.0.0.1", resolve));
  const { port } = control.address() as AddressInfo;
  const sandbox = { controlUrl: `http://127.0.0.1:${port}`, mailUrl: "http://mail.example" };
  const withSandbox = await startTestApi(inject("templateDatabaseUrl"), { sandbox });
  try {
    const { key } = await withSandbox.newAccount("Sandbox");
    expect((await withSandbox.ask("GET", "/api/v1/info")).json).toMatchObject({
      sandbox: { mailUrl: "http://mail.example", hasDns: true },
    });
    const added = await withSandbox.ask("POST", "/api/v1/domains", { key, body: { domain: "a.example" } });
    const { id: domainId, setup } = Object(added.json);
    const published = await withSandbox.ask("POST", "/api/v1/sandbox/publish", { key, body: { domainId } });
    expect(published.json).toMatchObject({ steps: [{ who: "Sandbox DNS" }] });
    const records = setup.map(({ name, target }: { name: string; target: string }) => ({
      name,
      type: "CNAME",
      value: target,
    }));
    expect(asked).toEqual([{ url: "/publish", body: { domain: "a.example", records } }]);
    const refused = await withSandbox.ask("POST", "/api/v1/sandbox/deliver", { key, body: { domainId } });
    expect(refused.json).toMatchObject({ status: 409, code: "conflict", detail: "The senders are off." });
    const none = await api.ask("POST", "/api/v1/sandbox/deliver", { key, body: { domainId } });
    expect(none.status).toBe(401);
  } finally {
    await withSandbox.stop();
    control.close();
  }
});

/** The places in a JSON schema that take texts or lists without an end. */
function findUnbounded(schema: unknown, at: string, components: Record<string, unknown>): string[] {
  const { $ref, type, maxLength, maxItems, enum: allowed, const: only, format, ...rest } = Object(schema);
  if (typeof $ref === "string") {
    const name = $ref.split("/").at(-1) ?? "";
    return findUnbounded(components[name], `${at} ${name}`, components);
  }
  const found: string[] = [];
  const isFixed = allowed !== undefined || only !== undefined || FIXED_FORMATS.has(format);
  // A pattern that begins, ends and does not repeat without end is as good as a length.
  const isShaped = typeof rest.pattern === "string" && !/^[^^]|[*+]|,\}|[^$]$/.test(rest.pattern);
  if (type === "string" && maxLength === undefined && !isFixed && !isShaped) found.push(at);
  if (type === "array" && maxItems === undefined) found.push(`${at}[]`);
  for (const [name, part] of Object.entries(Object(rest.properties)))
    found.push(...findUnbounded(part, `${at}.${name}`, components));
  for (const key of ["items", "additionalProperties", "propertyNames"])
    if (typeof rest[key] === "object") found.push(...findUnbounded(rest[key], `${at} ${key}`, components));
  for (const key of ["anyOf", "oneOf", "allOf"])
    for (const part of rest[key] ?? []) found.push(...findUnbounded(part, at, components));
  return found;
}
const FIXED_FORMATS = new Set(["uuid", "date", "date-time"]);

test("every text and list that a request may hold has a longest length", async () => {
  const document = Object((await api.ask("GET", "/api/openapi.json")).json);
  const unbounded: string[] = [];
  let seen = 0;
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, route] of Object.entries(Object(methods))) {
      const { parameters = [], requestBody } = Object(route);
      const content = Object.values(Object(requestBody?.content)).map((one) => Object(one).schema);
      const named = parameters.map((one: object) => [Object(one).name, Object(one).schema]);
      for (const [name, schema] of [...named, ...content.map((one) => ["body", one])]) {
        seen++;
        unbounded.push(...findUnbounded(schema, `${method} ${path} ${name}`, document.components.schemas));
      }
    }
  expect(seen).toBeGreaterThan(100);
  expect(unbounded).toEqual([]);
});
