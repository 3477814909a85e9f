import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { pruneSignIn } from "../accounts/prune-sign-in.ts";
import { allowMail, mailboxKey } from "./allow-mail.ts";
import { restoreAllowance, takeAllowance } from "./take-allowance.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

const rate = { burst: 5, refillSeconds: 60 };
const pass = (key: string, seconds: number) =>
  database.db
    .$executeRaw`update allowance set used_until = used_until - make_interval(secs => ${seconds}::float8) where key = ${key}`;

test("of forty simultaneous requests, as many as the burst are allowed", async () => {
  const asked = Array.from({ length: 40 }, () => takeAllowance(database.db, "at once", rate));
  expect((await Promise.all(asked)).filter(Boolean).length).toBe(5);
});

test("an allowance refills one by one, up to its burst", async () => {
  const take = () => takeAllowance(database.db, "refill", rate);
  for (let n = 0; n < 5; n++) expect(await take()).toBe(true);
  expect(await take()).toBe(false);
  await pass("refill", 61);
  expect([await take(), await take()]).toEqual([true, false]);
  await pass("refill", 86_400);
  const taken = [];
  for (let n = 0; n < 7; n++) taken.push(await take());
  expect(taken.filter(Boolean).length).toBe(5);
  await restoreAllowance(database.db, "refill");
  expect(await take()).toBe(true);
});

test("only refilled allowances and long expired links are deleted", async () => {
  await takeAllowance(database.db, "whole", rate);
  await takeAllowance(database.db, "used", rate);
  await pass("whole", 61);
  const keep = { identifier: "kept", value: "", expiresAt: new Date() };
  await database.db.verification.create({ data: { ...keep, id: "kept" } });
  const expiresAt = new Date(Date.now() - 2 * 86_400_000);
  await database.db.verification.create({ data: { ...keep, id: "old", expiresAt } });
  expect(await pruneSignIn(database.db)).toMatchObject({ verifications: 1 });
  const keys = (await database.db.allowance.findMany()).map(({ key }) => key);
  expect([keys.includes("whole"), keys.includes("used")]).toEqual([false, true]);
});

test("spellings of one mailbox are one, other mailboxes are others, and no address is stored", async () => {
  const same = ["Ada.L@gmail.com", "adal+40@googlemail.com", " ADAL@GMAIL.COM "];
  expect(new Set(same.map(mailboxKey)).size).toBe(1);
  const others = ["ada.l@example.com", "adal@example.com", "adal@gmail.com", "adal@example.net"];
  expect(new Set(others.map(mailboxKey)).size).toBe(4);
  for (let n = 0; n < 4; n++)
    expect(await allowMail(database.db, "reset", `victim+${n}@example.com`)).toBe(true);
  expect(await allowMail(database.db, "reset", "victim@example.com")).toBe(false);
  expect(await allowMail(database.db, "confirm", "victim@example.com")).toBe(true);
  const stored = await database.db.allowance.findMany();
  expect(stored.filter(({ key }) => key.includes("victim"))).toEqual([]);
});
