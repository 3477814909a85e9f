import { createHash } from "node:crypto";
import { evaluateDomains } from "@waxseal/core/watching";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startTestApi, type TestApi } from "../../testing/start-test-api.ts";

let api: TestApi;
let key: string;
let bakeryId: string;

beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"));
  const provider = await api.newAccount("Provider");
  const other = await api.newAccount("Other");
  key = provider.key;
  const items = [
    { domain: "own.example" },
    { domain: "good.example", customer: "Bakery" },
    { domain: "gone.example", customer: "Bakery" },
    { domain: "new.example", customer: "Café" },
    { domain: "broken.example", customer: "Café" },
  ];
  await api.ask("POST", "/api/v1/domains/bulk", { key, body: { items, createCustomers: true } });
  await api.ask("POST", "/api/v1/domains/bulk", {
    key: other.key,
    body: { items: [{ domain: "secret.example", customer: "Theirs" }], createCustomers: true },
  });
  const { db } = api;
  bakeryId = (await db.organization.findFirstOrThrow({ where: { name: "Bakery" } })).id;
  const active = { domain: { in: ["good.example", "broken.example"] } };
  await db.domain.updateMany({ where: active, data: { status: "active" } });
  await db.domain.updateMany({ where: { domain: "gone.example" }, data: { status: "left" } });
  const broken = await db.domain.findFirstOrThrow({ where: { domain: "broken.example" } });
  await db.setupRecord.updateMany({
    where: { accountId: broken.accountId, domainId: broken.id },
    data: { state: "missing" },
  });
  const rows = await db.domain.findMany();
  await evaluateDomains(
    { db, now: () => new Date() },
    rows.map(({ accountId, id: domainId }) => ({ accountId, domainId })),
  );
  // A domain whose health changed within the last minute may come twice.
  await db.domain.updateMany({ data: { healthChangedAt: new Date(Date.now() - 3_600_000) } });
});
afterAll(() => api.stop());

async function list(query = "") {
  const answer = await api.ask("GET", `/api/v1/customers/domains${query}`, { key });
  return Object(answer.json) as {
    items: { domain: string; customer: string | null; health: { state: string } }[];
    nextCursor: string | null;
  };
}

test("all customers' domains are on one list, those that need attention first, and no other account's", async () => {
  const { items, nextCursor } = await list();
  expect(items.map(({ domain, customer, health }) => [domain, customer, health.state])).toEqual([
    ["broken.example", "Café", "needs-action"],
    ["new.example", "Café", "working"],
    ["own.example", null, "working"],
    ["good.example", "Bakery", "good"],
  ]);
  expect(nextCursor).toBeNull();
});

test("pages follow each other without a gap or a repetition", async () => {
  const seen: string[] = [];
  let next = "";
  do {
    const page: Awaited<ReturnType<typeof list>> = await list(`?limit=1${next}`);
    seen.push(...page.items.map(({ domain }) => domain));
    next = page.nextCursor === null ? "" : `&cursor=${page.nextCursor}`;
  } while (next !== "");
  expect(seen).toEqual(["broken.example", "new.example", "own.example", "good.example"]);
});

test.each([
  ["?health=attention", ["broken.example"]],
  ["?health=off", ["gone.example"]],
  ["?q=caf%C3%A9", ["broken.example", "new.example"]],
  ["?q=OWN.", ["own.example"]],
  ["?q=%25", []],
  ["?accountId=none", []],
])("%s leaves what it says", async (query, expected) => {
  expect((await list(query)).items.map(({ domain }) => domain)).toEqual(expected);
});

test("one customer's domains are theirs alone", async () => {
  expect((await list(`?accountId=${bakeryId}`)).items.map(({ domain }) => domain)).toEqual(["good.example"]);
});

test("the links of a monthly mail: the page shows text only, opening the end changes nothing, its button ends page and mails", async () => {
  const { accountId } = await api.newAccount("Monthly");
  const tokenHash = createHash("sha256").update("monthly-token").digest("base64url");
  await api.db.monthlyRecipient.create({
    data: {
      ...{
        accountId,
        email: "it@example.com",
        state: "active",
        via: "confirmed",
        tokenJwe: "sealed",
        tokenHash,
      },
      ...{ nextAt: new Date(), createdAt: new Date(), createdBy: "Ada" },
    },
  });
  const page = await api.ask("GET", "/r/monthly-token/2026-01");
  expect([page.status, page.headers.get("cache-control")]).toEqual([200, "no-store"]);
  expect(page.headers.get("content-security-policy")).toMatch(/^default-src 'none'; img-src data:/);
  expect(page.text).toContain("Mail encryption in January 2026");
  expect((await api.ask("GET", "/r/monthly-token/2026-13")).status).toBe(404);
  expect((await api.ask("GET", "/r/another-token/2026-01")).status).toBe(404);
  expect((await api.ask("GET", "/m/monthly-token")).text).toContain("Stop these reports");
  expect((await api.ask("GET", "/r/monthly-token/2026-01")).status).toBe(200);
  expect((await api.ask("POST", "/m/monthly-token")).text).toContain("You get no more monthly reports");
  expect((await api.ask("GET", "/r/monthly-token/2026-01")).status).toBe(404);
  expect((await api.ask("POST", "/k/monthly-token")).status).toBe(404);
});
