import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startTestApi, type TestApi } from "../../testing/start-test-api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"));
});
afterAll(() => api.stop());

test("a preview of 200 CSV lines explains the 7 bad ones by line and adds nothing", async () => {
  const { key, accountId } = await api.newAccount("Bulk");
  await api.ask("POST", "/api/v1/domains", { key, body: { domain: "there.example" } });
  const lines = Array.from({ length: 193 }, (_, index) => `customer-${index}.example;"Customer; ${index}"`);
  lines.splice(10, 0, "192.0.2.1", "single", "co.uk");
  lines.splice(50, 0, "www.hosted.example", '"CUSTOMER-0.example.",again', "there.example", "a b.example");
  const text = `\uFEFFDomain;Customer\r\n${lines.join("\r\n")}\r\n\r\n`;
  const answer = await api.ask("POST", "/api/v1/domains/preview", { key, body: { text } });
  const items: { line: number; domain: string | null; problem: string | null }[] = Object(answer.json).items;
  expect([answer.status, items.length]).toEqual([200, 200]);
  expect(items[0]).toEqual({
    line: 2,
    text: 'customer-0.example;"Customer; 0"',
    domain: "customer-0.example",
    customer: "Customer; 0",
    problem: null,
  });
  expect(items.filter(({ problem }) => problem !== null).map(({ line, problem }) => [line, problem])).toEqual(
    [
      [12, expect.stringContaining("IP address")],
      [13, expect.stringContaining("single word")],
      [14, expect.stringContaining("suffix")],
      [52, expect.stringContaining("belongs to this service")],
      [53, "The same domain as in line 2."],
      [54, "Already in this account."],
      [55, expect.stringContaining("blank")],
    ],
  );
  expect(Object(answer.json).newCustomers).toHaveLength(193);
  expect(await api.db.domain.count({ where: { accountId } })).toBe(1);
});

test("a list of more than 1,000 lines is refused", async () => {
  const { key } = await api.newAccount("Too many");
  const text = Array.from({ length: 1_001 }, (_, index) => `d${index}.example`).join("\n");
  expect((await api.ask("POST", "/api/v1/domains/preview", { key, body: { text } })).status).toBe(429);
});

test("a batch goes to the customers it names, answers line by line, and is safe to send again", async () => {
  const { key, accountId } = await api.newAccount("Provider");
  const items = [
    { domain: "own.example" },
    { domain: "Bakery.example", customer: "Bakery" },
    { domain: "cafe.example", customer: "bakery" },
    { domain: "192.0.2.1", customer: "Bakery" },
  ];
  const send = (body: unknown) => api.ask("POST", "/api/v1/domains/bulk", { key, body });
  const outcomes = async (body: unknown) =>
    Object((await send(body)).json).items.map((item: { outcome: string }) => item.outcome);
  expect(await outcomes({ items })).toEqual(["added", "refused", "refused", "refused"]);
  expect(await api.db.organization.count({ where: { parentId: accountId } })).toBe(0);
  expect(await outcomes({ items, createCustomers: true })).toEqual(["present", "added", "added", "refused"]);
  expect(await outcomes({ items, createCustomers: true })).toEqual([
    "present",
    "present",
    "present",
    "refused",
  ]);
  const [customer, ...others] = await api.db.organization.findMany({ where: { parentId: accountId } });
  expect([customer?.name, others]).toEqual(["Bakery", []]);
  expect(await api.db.domain.count({ where: { accountId: customer?.id ?? "" } })).toBe(2);
  const audited = { accountId: customer?.id ?? "", kind: "domain.added" };
  expect(await api.db.event.count({ where: audited })).toBe(2);
});

test("a key that may add domains but make no customers is refused with that reason, and makes none", async () => {
  const { accountId, key: admin } = await api.newAccount("Editors");
  const made = await api.ask("POST", "/api/v1/api-keys", { key: admin, body: { name: "w", scope: "write" } });
  const { key } = Object(made.json);
  const body = { items: [{ domain: "nobody.example", customer: "Nobody" }], createCustomers: true };
  expect((await api.ask("POST", "/api/v1/domains/bulk", { key, body })).status).toBe(403);
  const preview = { text: "nobody.example,Nobody" };
  expect((await api.ask("POST", "/api/v1/domains/preview", { key, body: preview })).json).toMatchObject({
    items: [{ problem: expect.stringContaining("no customer Nobody") }],
    newCustomers: [],
  });
  expect(await api.db.organization.count({ where: { parentId: accountId } })).toBe(0);
});

test("each added domain comes with its three CNAMEs; a name that two customers have is refused, an externalId is not", async () => {
  const { key } = await api.newAccount("Twins");
  const ids: string[] = [];
  for (const externalId of ["1", "2"]) {
    const made = await api.ask("POST", "/api/v1/customers", { key, body: { name: "Twin", externalId } });
    ids.push(Object(made.json).id);
  }
  const items = [
    { domain: "named.example", customer: "TWIN" },
    { domain: "known.example", customerExternalId: "2" },
    { domain: "unknown.example", customerExternalId: "3" },
    { domain: "ours.example" },
  ];
  const body = { items, createCustomers: true };
  const [named, known, unknown, ours] = Object(
    (await api.ask("POST", "/api/v1/domains/bulk", { key, body })).json,
  ).items;
  expect(named).toMatchObject({ outcome: "refused", reason: "customer_ambiguous", setup: [] });
  expect(unknown).toMatchObject({ outcome: "refused", reason: "no_such_object" });
  expect(known).toMatchObject({ outcome: "added", accountId: ids[1], reason: null });
  const shown = await api.ask("GET", `/api/v1/domains/${ours.domainId}`, { key });
  const pick = ({ kind, type, name, target }: Record<string, string>) => ({ kind, type, name, target });
  expect(ours.setup).toEqual(Object(shown.json).setup.map(pick));
  const text = "domain;customer\nnamed.example;twin";
  const preview = await api.ask("POST", "/api/v1/domains/preview", { key, body: { text } });
  expect(Object(preview.json).items[0].problem).toContain("There are 2 customers named twin");
});
