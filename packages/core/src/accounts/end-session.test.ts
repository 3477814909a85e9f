import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestPeople, type TestPeople } from "../../testing/create-test-people.ts";
import { chooseAccount } from "./choose-account.ts";
import { claimMailbox } from "./claim-mailbox.ts";
import { createUser } from "./create-user.ts";
import { endOtherSessions, endSession } from "./end-session.ts";
import { renameAccount } from "./rename-account.ts";
import { renamePerson } from "./rename-person.ts";

let database: TestDatabase;
let people: TestPeople;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  people = createTestPeople(database.db);
});
afterAll(() => database.drop());

const sessionsOf = async (userId: string) =>
  (await database.db.session.findMany({ where: { userId } })).map(({ id }) => id).toSorted();

test("a person ends their own sessions, one or all others, and no one else's", async () => {
  const { ctx, person } = await people.addMember(await people.addAccount());
  const other = await people.addPerson("Bob");
  const [second, third] = [await people.addSession(person.id), await people.addSession(person.id)];
  const ssoAccountId = null;
  await expect(endSession(ctx, { sessionId: other.sessionId, ssoAccountId })).rejects.toMatchObject({
    code: "not_found",
  });
  await endSession(ctx, { sessionId: second, ssoAccountId });
  await expect(endSession(ctx, { sessionId: second, ssoAccountId })).rejects.toMatchObject({
    code: "not_found",
  });
  expect(await sessionsOf(person.id)).toEqual([person.sessionId, third].toSorted());
  await endOtherSessions(ctx, { sessionId: person.sessionId, ssoAccountId });
  expect(await sessionsOf(person.id)).toEqual([person.sessionId]);
  expect(await sessionsOf(other.id)).toEqual([other.sessionId]);
  await expect(endOtherSessions(ctx, { sessionId: undefined, ssoAccountId })).rejects.toMatchObject({
    code: "conflict",
  });
});

test("a person who came by single sign-on ends only sessions of it", async () => {
  const ssoAccountId = await people.addAccount();
  const { ctx, person } = await people.addMember(ssoAccountId);
  const [here, there] = [
    await people.addSession(person.id, { ssoAccountId }),
    await people.addSession(person.id, { ssoAccountId }),
  ];
  await expect(endSession(ctx, { sessionId: person.sessionId, ssoAccountId })).rejects.toMatchObject({
    code: "not_found",
  });
  await endOtherSessions(ctx, { sessionId: here, ssoAccountId });
  expect(await sessionsOf(person.id)).toEqual([person.sessionId, here].toSorted());
  expect(await sessionsOf(person.id)).not.toContain(there);
});

test("the dashboard starts in an account that the person has a role in, a customer's too, and in no other", async () => {
  const home = await people.addAccount();
  const customer = await people.addAccount({ parentId: home });
  const foreign = await people.addAccount();
  const { ctx, person } = await people.addMember(home);
  const { sessionId } = person;
  const choose = (accountId: string, ssoAccountId: string | null = null) =>
    chooseAccount(ctx, { sessionId, ssoAccountId, accountId });
  const startsIn = async () => {
    const user = await database.db.user.findUniqueOrThrow({ where: { id: person.id } });
    const session = await database.db.session.findUniqueOrThrow({ where: { id: sessionId } });
    return [session.activeOrganizationId, user.lastAccountId];
  };
  await choose(customer);
  expect(await startsIn()).toEqual([customer, customer]);
  const refusals = await Promise.allSettled([choose(foreign), choose("none"), choose(customer, foreign)]);
  expect(new Set(refusals.map((one) => one.status === "rejected" && one.reason.message)).size).toBe(1);
  await choose(home, home);
  expect(await startsIn()).toEqual([home, customer]);
  const byKey = chooseAccount(ctx, { sessionId: undefined, ssoAccountId: null, accountId: home });
  await expect(byKey).rejects.toMatchObject({ code: "conflict" });
});

test("an account has a name of 1 to 100 characters on one line; the same name again is no event", async () => {
  const accountId = await people.addAccount({ name: "Cellar" });
  const { ctx } = await people.addMember(accountId);
  await renameAccount(ctx, { name: " Wine \n cellar " });
  await renameAccount(ctx, { name: "Wine cellar" });
  expect(await database.db.organization.findUnique({ where: { id: accountId } })).toMatchObject({
    name: "Wine cellar",
  });
  expect(await people.listEventKinds(accountId)).toEqual(["account.renamed"]);
  for (const name of ["", " \n", "x".repeat(101)])
    await expect(renameAccount(ctx, { name })).rejects.toMatchObject({
      code: "invalid",
      fields: [{ path: "name" }],
    });
});

test("a person gets another name; single sign-on and empty names are refused", async () => {
  const person = await people.addPerson();
  const source = { db: database.db, now: people.now };
  await renamePerson(source, person, { name: "Ann Lee" });
  expect(await database.db.user.findUnique({ where: { id: person.id } })).toMatchObject({ name: "Ann Lee" });
  await expect(renamePerson(source, { ...person, ssoAccountId: "a" }, { name: "X" })).rejects.toMatchObject({
    code: "forbidden",
  });
  for (const name of ["", "x".repeat(101)])
    await expect(renamePerson(source, person, { name })).rejects.toMatchObject({ code: "invalid" });
});

test("an operator makes a user once per address, in any case, with a password that is not guessable", async () => {
  const source = { db: database.db, now: people.now };
  const make = (email: string, password = "correct horse battery") => createUser(source, { email, password });
  const user = await make(" New@People.Example ");
  expect(user).toMatchObject({ email: "new@people.example", name: "new" });
  await expect(make("new@people.example")).rejects.toMatchObject({ code: "conflict" });
  await expect(make("no-address", "short")).rejects.toMatchObject({
    code: "invalid",
    fields: [{ path: "email" }, { path: "password" }],
  });
  const [credential] = await database.db.credential.findMany({ where: { userId: user.id } });
  expect(credential?.password).not.toContain("horse");
});

test("confirming a mailbox drops every way in that was set before; a confirmed user keeps theirs", async () => {
  const person = await people.addPerson();
  const ways = async () => {
    const where = { userId: person.id };
    const { db } = database;
    return [
      await db.credential.count({ where }),
      await db.passkey.count({ where }),
      await db.twoFactor.count({ where }),
      await db.session.count({ where }),
    ];
  };
  const addWays = async () => {
    const userId = person.id;
    const id = `${Math.random()}`;
    await database.db.credential.create({
      data: { id, userId, accountId: userId, providerId: "credential" },
    });
    await database.db.twoFactor.create({ data: { id, userId, secret: "s", backupCodes: "b" } });
    await people.addPasskey(userId);
  };
  const claim = async (options = {}) => {
    const user = await database.db.user.findUniqueOrThrow({ where: { id: person.id } });
    return database.db.$transaction((db) => claimMailbox(db, user, options));
  };
  await addWays();
  await claim();
  expect(await ways()).toEqual([1, 1, 1, 1]);
  const where = { id: person.id };
  const unconfirmed = { emailVerified: false, twoFactorEnabled: true };
  await database.db.user.update({ where, data: unconfirmed });
  expect(await claim({ keepsPassword: true, name: "Owner" })).toMatchObject({
    ...{ emailVerified: true, twoFactorEnabled: false, name: "Owner" },
  });
  expect(await ways()).toEqual([1, 0, 0, 0]);
  await database.db.user.update({ where, data: unconfirmed });
  await claim();
  expect(await ways()).toEqual([0, 0, 0, 0]);
});
