import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestPeople, type TestPeople } from "../../testing/create-test-people.ts";
import { createContext } from "../context.ts";
import { createApiKey } from "./create-api-key.ts";
import { deleteApiKey } from "./delete-api-key.ts";
import { hashSecret } from "./hash-secret.ts";
import { listApiKeys } from "./list-api-keys.ts";
import { readScope } from "./present-api-key.ts";

let database: TestDatabase;
let people: TestPeople;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  people = createTestPeople(database.db);
});
afterAll(() => database.drop());

const start = async (role: "owner" | "admin" | "editor" | "viewer" = "owner") =>
  people.addMember(await people.addAccount(), role);

test("a key is shown once: the database has its hash, and lists show its first letters", async () => {
  const { ctx } = await start();
  const { key, ...shown } = await createApiKey(ctx, { name: " Deploy " });
  expect(key).toMatch(/^wxs_[\w-]{40}$/);
  const row = await database.db.apikey.findUniqueOrThrow({ where: { id: shown.id } });
  expect(row).toMatchObject({
    key: hashSecret(key),
    name: "Deploy",
    scope: "admin",
    start: key.slice(0, 10),
  });
  const { items } = await listApiKeys(ctx);
  expect(items).toEqual([shown]);
  const events = await database.db.event.findMany({ where: { accountId: ctx.accountId } });
  const kept = JSON.stringify([row, items, events], (_, value) =>
    typeof value === "bigint" ? `${value}` : value,
  );
  expect(kept).not.toContain(key);
});

test("no two keys are alike, also with one name", async () => {
  const { ctx } = await start();
  const keys = await Promise.all([1, 2, 3].map(() => createApiKey(ctx, { name: "Deploy" })));
  expect(new Set(keys.map(({ key }) => key)).size).toBe(3);
});

test.each(["", "   ", "x".repeat(101)])("a key named %j is refused, and none is made", async (name) => {
  const { ctx } = await start();
  await expect(createApiKey(ctx, { name })).rejects.toMatchObject({
    code: "invalid",
    fields: [{ path: "name" }],
  });
  expect(await listApiKeys(ctx)).toEqual({ items: [], nextCursor: null });
});

test("a key ends after as many days as were asked for; without them it has no end", async () => {
  const { ctx } = await start();
  const { expiresAt } = await createApiKey(ctx, { name: "Short", expiresInDays: 30 });
  expect(expiresAt).toBe(new Date(people.now().getTime() + 30 * DAY_MS).toISOString());
  expect((await createApiKey(ctx, { name: "Long" })).expiresAt).toBeNull();
});

test("a key made with another key belongs to the person behind that one, so that it ends with them", async () => {
  const { ctx, person } = await start();
  const parent = await createApiKey(ctx, { name: "Parent" });
  const asKey = (id: string, name: string) =>
    createContext({ db: database.db, now: people.now }, ctx.accountId, { kind: "apiKey", id, name }, "admin");
  const child = await createApiKey(asKey(parent.id, "Parent"), { name: "Child", scope: "read" });
  expect(child.createdBy).toEqual({ id: person.id, name: person.name });
  const orphan = await createApiKey(asKey(randomUUID(), "Gone"), { name: "Orphan" });
  expect(orphan.createdBy).toEqual({ id: null, name: "Gone" });
});

test("a key of the operator belongs to no person", async () => {
  const { ctx } = await start();
  const actor = { kind: "operator", id: "operator", name: "Operator" } as const;
  const operator = createContext({ db: database.db, now: people.now }, ctx.accountId, actor);
  expect((await createApiKey(operator, { name: "Rescue" })).createdBy).toEqual({
    id: null,
    name: "Operator",
  });
});

test.each([
  ["owner", true],
  ["admin", true],
  ["editor", false],
  ["viewer", false],
] as const)("the role %s manages API keys: %s", async (role, isAllowed) => {
  const { ctx } = await start(role);
  const outcome = createApiKey(ctx, { name: "Deploy" });
  if (isAllowed) expect((await outcome).scope).toBe("admin");
  else await expect(outcome).rejects.toMatchObject({ code: "forbidden" });
  await expect(deleteApiKey(ctx, { apiKeyId: randomUUID() })).rejects.toMatchObject({
    code: isAllowed ? "not_found" : "forbidden",
  });
});

test("a deleted key is gone, and the log says which it was", async () => {
  const { ctx } = await start();
  const { id, start: begin } = await createApiKey(ctx, { name: "Deploy" });
  await deleteApiKey(ctx, { apiKeyId: id });
  expect(await database.db.apikey.count({ where: { id } })).toBe(0);
  const event = await database.db.event.findFirstOrThrow({
    where: { accountId: ctx.accountId, kind: "apiKey.deleted" },
  });
  expect(event.data).toEqual({ name: "Deploy", start: begin });
});

test("a key deleted twice at the same instant is deleted once; the other requests find none", async () => {
  const { ctx } = await start();
  const { id: apiKeyId } = await createApiKey(ctx, { name: "Deploy" });
  const outcomes = await Promise.allSettled([1, 2, 3].map(() => deleteApiKey(ctx, { apiKeyId })));
  const refused = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason.code] : []));
  expect(refused).toEqual(["not_found", "not_found"]);
  expect(await people.listEventKinds(ctx.accountId)).toEqual(["apiKey.created", "apiKey.deleted"]);
});

test("another account's key is neither listed nor deleted, and is answered like a missing one", async () => {
  const [{ ctx: mine }, { ctx: theirs }] = [await start(), await start()];
  const { id: apiKeyId } = await createApiKey(theirs, { name: "Theirs" });
  const answer = (id: string) =>
    deleteApiKey(mine, { apiKeyId: id }).catch(({ code, message }) => ({ code, message }));
  expect(await answer(apiKeyId)).toEqual(await answer(randomUUID()));
  expect(await listApiKeys(mine)).toEqual({ items: [], nextCursor: null });
  expect((await listApiKeys(theirs)).items).toHaveLength(1);
});

test.each([
  ["read", "read"],
  ["write", "write"],
  ["admin", "admin"],
  ["owner", "read"],
  ["", "read"],
])("a key stored with the scope %j may do what %s may", (stored, scope) => {
  expect(readScope(stored)).toBe(scope);
});
