import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestPeople, type TestPeople } from "../../testing/create-test-people.ts";
import { claimMailbox } from "./claim-mailbox.ts";

let database: TestDatabase;
let people: TestPeople;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  people = createTestPeople(database.db);
});
afterAll(() => database.drop());

/** A user with every kind of way in, whose address is confirmed or not. */
async function addUser(emailVerified: boolean): Promise<string> {
  const { db } = database;
  const { id } = await people.addPerson("Stranger");
  await people.addPasskey(id);
  await db.user.update({ where: { id }, data: { emailVerified, twoFactorEnabled: true } });
  await db.credential.create({
    data: { id: randomUUID(), accountId: id, providerId: "credential", userId: id, password: "hash" },
  });
  await db.twoFactor.create({ data: { id: randomUUID(), userId: id, secret: "s", backupCodes: "c" } });
  return id;
}

async function claim(id: string, options?: Parameters<typeof claimMailbox>[2]) {
  const user = await database.db.user.findUniqueOrThrow({ where: { id } });
  return database.db.$transaction((tx) => claimMailbox(tx, user, options));
}

async function countWaysIn(userId: string) {
  const { db } = database;
  const where = { userId };
  const [credentials, passkeys, twoFactors, sessions] = await Promise.all([
    db.credential.count({ where }),
    db.passkey.count({ where }),
    db.twoFactor.count({ where }),
    db.session.count({ where }),
  ]);
  return { credentials, passkeys, twoFactors, sessions };
}

test("credentials set up for an unconfirmed address stop working once its owner has confirmed it", async () => {
  const id = await addUser(false);
  expect(await countWaysIn(id)).toEqual({ credentials: 1, passkeys: 1, twoFactors: 1, sessions: 1 });
  expect(await claim(id)).toMatchObject({
    id,
    emailVerified: true,
    twoFactorEnabled: false,
    name: "Stranger",
  });
  expect(await countWaysIn(id)).toEqual({ credentials: 0, passkeys: 0, twoFactors: 0, sessions: 0 });
});

test("the password that came with the mailed link stays, and all else goes", async () => {
  const id = await addUser(false);
  await claim(id, { keepsPassword: true, name: "Ada" });
  expect(await countWaysIn(id)).toEqual({ credentials: 1, passkeys: 0, twoFactors: 0, sessions: 0 });
  expect(await database.db.user.findUniqueOrThrow({ where: { id } })).toMatchObject({ name: "Ada" });
});

test("a confirmed address is left as it is: no one is signed out and nothing is renamed", async () => {
  const id = await addUser(true);
  expect(await claim(id, { name: "Mallory" })).toMatchObject({ name: "Stranger", twoFactorEnabled: true });
  expect(await countWaysIn(id)).toEqual({ credentials: 1, passkeys: 1, twoFactors: 1, sessions: 1 });
});

test("another person's ways in are untouched", async () => {
  const [mine, theirs] = [await addUser(false), await addUser(false)];
  await claim(mine);
  expect(await countWaysIn(theirs)).toEqual({ credentials: 1, passkeys: 1, twoFactors: 1, sessions: 1 });
});
