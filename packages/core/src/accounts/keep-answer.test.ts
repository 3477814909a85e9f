import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestPeople } from "../../testing/create-test-people.ts";
import type { Context } from "../context.ts";
import { createSecretBox } from "../secret-box.ts";
import { findKeptAnswer, pruneKeptAnswers } from "./keep-answer.ts";

const box = createSecretBox(`k:${Buffer.alloc(32, 7).toString("base64url")}`);
const ANSWER = { status: 201, contentType: "application/json", body: '{"secret":"s3cret"}' };
let database: TestDatabase;
let ctx: Context;
let other: Context;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  const people = createTestPeople(database.db);
  ({ ctx } = await people.addMember(await people.addAccount()));
  ({ ctx: other } = await people.addMember(ctx.accountId, "editor"));
});
afterAll(() => database.drop());

const find = (key: string, request = "POST /x {}", as = ctx) => findKeptAnswer(as, box, { key, request });

/** Answers a new request, as its caller does. */
async function answer(key: string, kept: typeof ANSWER | undefined = ANSWER): Promise<void> {
  const keep = await find(key);
  if (typeof keep !== "function") throw new Error("this key was used before");
  await keep(kept);
}

test("a request that was answered gets the same answer again, and is not done again", async () => {
  await answer("same");
  expect(await find("same")).toEqual(ANSWER);
});

test("of ten simultaneous requests one is processed; the others are refused until it is answered", async () => {
  const found = await Promise.allSettled(Array.from({ length: 10 }, () => find("burst")));
  expect(found.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  for (const one of found)
    if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "conflict" });
});

test("the same key with another request is refused, with the field that says so", async () => {
  await answer("other-request");
  await expect(find("other-request", "POST /x {a}")).rejects.toMatchObject({
    code: "invalid",
    fields: [{ path: "Idempotency-Key" }],
  });
});

test("a key is its sender's own: another person of the account does not get the answer", async () => {
  await answer("own");
  expect(await find("own", undefined, other)).toBeTypeOf("function");
});

test("a request that failed can be tried again", async () => {
  const keep = await find("failed");
  if (typeof keep === "function") await keep(undefined);
  expect(await find("failed")).toBeTypeOf("function");
});

test("answers are sealed at rest, and neither key nor request can be read", async () => {
  await answer("sealed-key");
  const rows = await database.db.keptAnswer.findMany();
  expect(JSON.stringify(rows)).not.toMatch(/s3cret|sealed-key|POST/);
});

test("an answer of more than a million characters is not kept, and the request is still not done again", async () => {
  await answer("large", { ...ANSWER, body: "x".repeat(1_000_001) });
  await expect(find("large")).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("done already"),
  });
});

test("after a day a key is new again, and old answers are deleted", async () => {
  await answer("old");
  await database.db.$executeRaw`update kept_answer set created_at = now() - interval '24 hours 1 second'`;
  expect(await find("old")).toBeTypeOf("function");
  const before = await database.db.keptAnswer.count();
  expect(await pruneKeptAnswers(database.db)).toEqual({ keptAnswers: before - 1 });
  expect(await database.db.keptAnswer.count()).toBe(1);
});
