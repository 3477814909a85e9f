import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { readCurl } from "../../testing/run-curl.ts";
import { PUBLIC_URL, startTestApi, type TestApi } from "../../testing/start-test-api.ts";
import { loadDocsPages, readOnboardingScript } from "./docs-pages.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"));
});
afterAll(() => api.stop());

const pages = loadDocsPages(PUBLIC_URL);

test("the pages are in the order of the tasks, one subject each, and answer at least twenty questions", () => {
  expect(pages.map(({ slug }) => slug)).toEqual([
    ...["quick-start", "first-domain", "policies", "reports", "customers", "webhooks", "errors", "limits"],
    "how-do-i",
  ]);
  const [, table] = pages.at(-1)?.blocks ?? [];
  expect(table?.kind === "table" && table.rows.length).toBeGreaterThanOrEqual(20);
});

test.for(pages.filter(({ slug }) => slug !== "how-do-i"))(
  "every example of $slug runs, and what it shows of the answer is in the answer",
  { timeout: 60_000 },
  async ({ slug, blocks }) => {
    const { key } = await api.newAccount(`Example Mail ${slug}`);
    const variables: Record<string, string> = { WAXSEAL_URL: api.url, WAXSEAL_TOKEN: key };
    const examples = blocks.filter((block) => block.kind === "code");
    let last: unknown;
    for (const example of examples) {
      if (example.language === "json") expectShown(JSON.parse(example.text), last, slug);
      if (!example.language.startsWith("sh")) continue;
      const status = Number(example.language.slice(3) || 200);
      for (const { assign, url, ...request } of readCurl(example.text, variables)) {
        const answer = await fetch(url, { ...request, body: request.body ?? null });
        const text = await answer.text();
        const isExpected = status === 200 ? answer.ok : answer.status === status;
        expect([example.text, text, isExpected]).toEqual([example.text, text, true]);
        if ((answer.headers.get("content-type") ?? "").includes("json")) last = JSON.parse(text);
        if (assign) variables[assign.name] = String(Object(last)[assign.path.slice(1)]);
      }
    }
    expect(examples.filter(({ language }) => language.startsWith("sh")).length).toBeGreaterThan(0);
  },
);

/** Every field that an example shows is in the real answer, at every depth. */
function expectShown(shown: unknown, real: unknown, where: string): void {
  if (Array.isArray(shown)) {
    if (shown.length > 0) expectShown(shown[0], Object(real)[0], `${where}[0]`);
    expect([where, Array.isArray(real)]).toEqual([where, true]);
  } else if (typeof shown === "object" && shown !== null) {
    for (const [name, value] of Object.entries(shown)) {
      expect([where, name, Object.keys(Object(real))]).toEqual([where, name, expect.arrayContaining([name])]);
      expectShown(value, Object(real)[name], `${where}.${name}`);
    }
  }
}

test("every link of every page leads to a page and to a heading of it; there is no script, and nothing from elsewhere", async () => {
  const seen = new Map<string, string>();
  const links: [from: string, to: URL][] = [];
  const queue = ["/api/docs", "/api/docs/search?q=policy"];
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    if (seen.has(path)) continue;
    const { status, text } = await api.ask("GET", path);
    expect([path, status]).toEqual([path, 200]);
    seen.set(path, text);
    if (!path.startsWith("/api/docs")) continue;
    expect([path, text.match(/<script|<[^>]*\s(?:on\w+|src)=|<link/)]).toEqual([path, null]);
    for (const [, href = ""] of text.matchAll(/href="([^"]+)"/g)) {
      const to = new URL(href, PUBLIC_URL + path);
      expect([path, href, to.origin]).toEqual([path, href, PUBLIC_URL]);
      links.push([path, to]);
      queue.push(to.pathname);
    }
  }
  const lost = links.filter(
    ([, to]) => to.hash && !seen.get(to.pathname)?.includes(` id="${to.hash.slice(1)}"`),
  );
  expect(lost.map(([from, to]) => [from, to.href])).toEqual([]);
  expect(seen.size).toBeGreaterThan(18);
  const document = Object((await api.ask("GET", "/api/openapi.json")).json);
  const all = [...seen.values()].join("");
  for (const path of Object.keys(document.paths)) expect(all).toContain(`<code>${path}</code>`);
  expect((await api.ask("GET", "/api/docs/no-such-page")).status).toBe(404);
});

test("a search finds sections and operations by any of their words, and what was typed stays text", async () => {
  const search = async (q: string) =>
    (await api.ask("GET", `/api/docs/search?q=${encodeURIComponent(q)}`)).text;
  expect(await search("roll back")).toContain('href="/api/docs/policies#roll-back"');
  expect(await search("idempotency")).toContain("/api/docs/errors#retry");
  expect(await search("PATCH customers")).toContain(
    "/api/docs/reference/customers#patch-api-v1-customers-id",
  );
  expect(await search("nothing-has-this-word")).toContain("Nothing found");
  const hostile = await search('"><script>alert(1)</script>');
  expect(hostile).not.toContain("<script");
  expect((await search(`${"a ".repeat(5_000)}`)).length).toBeLessThan(100_000);
});

test("the script of at most 40 lines onboards twenty customers from a list, and can be repeated", {
  timeout: 60_000,
}, async () => {
  const { accountId, key: admin } = await api.newAccount("Provider of twenty");
  const made = await api.ask("POST", "/api/v1/api-keys", {
    key: admin,
    body: { name: "s", scope: "onboard" },
  });
  const folder = await mkdtemp(join(tmpdir(), "waxseal-onboard-"));
  const list = join(folder, "customers.csv");
  const lines = Array.from(
    { length: 20 },
    (_, index) => `${index},Customer ${index},c${index}.twenty.example`,
  );
  await writeFile(list, `${lines.join("\n")}\n`);
  expect(readOnboardingScript().trimEnd().split("\n").length).toBeLessThanOrEqual(40);
  const script = fileURLToPath(new URL("pages/onboard.mjs", import.meta.url));
  const run = async () => {
    const env = { WAXSEAL_URL: api.url, WAXSEAL_TOKEN: String(Object(made.json).key) };
    const child = spawn(process.execPath, [script, list], { env, stdio: ["ignore", "pipe", "pipe"] });
    let [out, problems] = ["", ""];
    child.stdout.on("data", (chunk) => {
      out += chunk;
    });
    child.stderr.on("data", (chunk) => {
      problems += chunk;
    });
    const ended = new Promise((resolve) => child.once("close", resolve));
    const isCustomer = { domain: { endsWith: ".twenty.example" } };
    await expect.poll(() => api.db.domain.count({ where: isCustomer }), { timeout: 40_000 }).toBe(20);
    // As the worker does once it has seen the records and has the certificate.
    await api.db.domain.updateMany({ where: isCustomer, data: { status: "active" } });
    return { code: await ended, out, problems };
  };
  const first = await run();
  expect([first.code, first.out.trim().split("\n").length]).toEqual([0, 60]);
  expect(first.out).toMatch(/^mta-sts\.c0\.twenty\.example\. CNAME \w{16}\.mta-sts\.hosted\.example\.$/m);
  expect(first.problems).toContain("c19.twenty.example is active");
  expect((await run()).code).toBe(0);
  expect(await api.db.organization.count({ where: { parentId: accountId } })).toBe(20);
  await rm(folder, { recursive: true });
});
