import { createContext } from "@waxseal/core";
import { createApiKey, OPERATOR } from "@waxseal/core/accounts";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startTestApi, type TestApi } from "../../testing/start-test-api.ts";

let api: TestApi;
let clock = new Date();
beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"), { now: () => clock });
});
afterAll(() => api.stop());

test("an API key is shown once, stored as a hash, listed without itself, and ends at once", async () => {
  const { key: first } = await api.newAccount("Keys");
  const made = await api.ask("POST", "/api/v1/api-keys", { key: first, body: { name: " deploy " } });
  expect(made.status).toBe(201);
  const { id, key, start } = Object(made.json);
  expect(key.startsWith(start)).toBe(true);
  expect((await api.ask("GET", "/api/v1/me", { key })).json).toMatchObject({
    user: null,
    account: { name: "Keys", role: "admin" },
  });
  const listed = await api.ask("GET", "/api/v1/api-keys", { key: first });
  expect(Object(listed.json).items).toContainEqual(
    expect.objectContaining({ id, name: "deploy", start, lastUsedAt: expect.any(String) }),
  );
  expect(listed.text).not.toContain(key);
  const rows = await api.db.$queryRaw<{ row: string }[]>`select api_key::text as row from api_key`;
  expect(rows.map(({ row }) => row).join()).not.toContain(key);

  expect((await api.ask("DELETE", `/api/v1/api-keys/${id}`, { key: first })).status).toBe(204);
  expect((await api.ask("GET", "/api/v1/me", { key })).status).toBe(401);
});

test("an API key stops working at its end", async () => {
  const { accountId } = await api.newAccount("Expiring");
  const source = { db: api.db, now: () => clock };
  const { key } = await createApiKey(createContext(source, accountId, OPERATOR), {
    name: "k",
    expiresInDays: 7,
  });
  expect((await api.ask("GET", "/api/v1/me", { key })).status).toBe(200);
  clock = new Date(clock.getTime() + 7 * 86_400_000);
  expect((await api.ask("GET", "/api/v1/me", { key })).status).toBe(401);
});

test("a text that is not an API key is refused in every form", async () => {
  for (const authorization of [
    "Bearer",
    "Bearer ",
    "Basic abc",
    "Bearer a b",
    `Bearer ${"x".repeat(5_000)}`,
  ]) {
    const { status } = await api.ask("GET", "/api/v1/me", { headers: { authorization } });
    expect([authorization.slice(0, 20), status]).toEqual([authorization.slice(0, 20), 401]);
  }
});

test("events are paged without gap or repetition, newest first", async () => {
  const { key } = await api.newAccount("Events");
  for (let index = 0; index < 7; index++) {
    await api.ask("POST", "/api/v1/api-keys", { key, body: { name: `key ${index}` } });
  }
  const seen: string[] = [];
  let cursor: string | null = "";
  do {
    const query: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
    const page = Object((await api.ask("GET", `/api/v1/events?limit=2${query}`, { key })).json);
    seen.push(...page.items.map(({ text }: { text: string }) => text));
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(seen).toEqual([
    ...[6, 5, 4, 3, 2, 1, 0].map((index) => `API key key ${index} was created.`),
    "API key test was created.",
    "Account Events was created.",
  ]);
});
