import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"));
});
afterAll(() => api.stop());

const make = (key: string, idempotencyKey: string, name: string) =>
  api.ask("POST", "/api/v1/customers", {
    key,
    body: { name },
    headers: { "idempotency-key": idempotencyKey },
  });

const countCustomers = (accountId: string) => api.db.organization.count({ where: { parentId: accountId } });

test("the same request with the same idempotency key is done once and answered twice, also at once", async () => {
  const { accountId, key } = await api.newAccount("Once");
  const first = await make(key, "k-1", "Bakery");
  const second = await make(key, "k-1", "Bakery");
  expect([first.status, second.status, second.text]).toEqual([201, 201, first.text]);
  expect([first, second].map(({ headers }) => headers.get("idempotency-replayed"))).toEqual([null, "true"]);
  expect(await countCustomers(accountId)).toBe(1);
  const many = await Promise.all(Array.from({ length: 10 }, () => make(key, "k-2", "Brewery")));
  expect(many.every(({ status }) => status === 201 || status === 409)).toBe(true);
  expect(await countCustomers(accountId)).toBe(2);
  expect((await make(key, "k-3", "Bakery")).status).toBe(201);
  expect(await countCustomers(accountId)).toBe(3);
});

test("a key is its sender's own, and is refused for another request", async () => {
  const one = await api.newAccount("One");
  const two = await api.newAccount("Two");
  const first = await make(one.key, "shared", "Bakery");
  const other = await make(two.key, "shared", "Bakery");
  expect([other.status, Object(other.json).id === Object(first.json).id]).toEqual([201, false]);
  const changed = await make(one.key, "shared", "Brewery");
  expect([changed.status, Object(changed.json).detail]).toEqual([
    422,
    expect.stringMatching(/another request/),
  ]);
  expect((await make(one.key, "with blank", "Bakery")).status).toBe(422);
});

test("a refusal is repeated too, and a new key in an answer is kept sealed", async () => {
  const { accountId, key } = await api.newAccount("Refused");
  const refused = await make(key, "bad", "");
  expect(refused.status).toBe(422);
  const headers = { "idempotency-key": "secret" };
  const ask = () => api.ask("POST", "/api/v1/domains", { key, body: { domain: "co.uk" }, headers });
  const [first, second] = [await ask(), await ask()];
  expect([first.status, second.status, second.text]).toEqual([422, 422, first.text]);
  const rows = await api.db.keptAnswer.findMany({ where: { accountId } });
  expect(rows.map(({ bodyJwe }) => bodyJwe)).not.toContainEqual(expect.stringContaining("problem"));
});

test("after a day, by Postgres' clock, a key is free again", async () => {
  const { accountId, key } = await api.newAccount("Later");
  await make(key, "daily", "Bakery");
  await api.db.$executeRaw`
    update kept_answer set created_at = created_at - interval '25 hours' where account_id = ${accountId}`;
  expect((await make(key, "daily", "Bakery")).headers.get("idempotency-replayed")).toBeNull();
  expect(await countCustomers(accountId)).toBe(2);
});

test("a request that was cut off is not done a second time unseen", async () => {
  const { accountId, key } = await api.newAccount("Cut off");
  await make(key, "cut", "Bakery");
  await api.db.keptAnswer.updateMany({ where: { accountId }, data: { status: null, bodyJwe: null } });
  const again = await make(key, "cut", "Bakery");
  expect([again.status, Object(again.json).detail]).toEqual([
    409,
    expect.stringMatching(/under way, or was cut off/),
  ]);
  expect(await countCustomers(accountId)).toBe(1);
});
