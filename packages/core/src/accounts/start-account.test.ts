import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestPeople, type TestPeople } from "../../testing/create-test-people.ts";
import { createAccount } from "./create-account.ts";
import { ensureOwnAccount } from "./ensure-own-account.ts";
import { findStartAccount } from "./find-start-account.ts";
import { readAccountName } from "./insert-account.ts";
import { listAccounts, listUsers } from "./list-accounts.ts";
import { readPersonName } from "./read-person-name.ts";
import { renameAccount } from "./rename-account.ts";
import { startAccount } from "./start-account.ts";
import { refuseSuspended, resumeAccount, suspendAccount } from "./suspend-account.ts";

let database: TestDatabase;
let people: TestPeople;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  people = createTestPeople(database.db);
});
afterAll(() => database.drop());

const source = () => ({ db: database.db, now: people.now });
const rolesOf = async (userId: string) =>
  (await database.db.member.findMany({ where: { userId } })).map(({ role }) => role);
const accountOf = (id: string) => database.db.organization.findUniqueOrThrow({ where: { id } });

test.each([
  ["Cellar", "Cellar"],
  ["  Two \n\t words  ", "Two words"],
  ["a".repeat(100), "a".repeat(100)],
  [` ${"a".repeat(100)} `, "a".repeat(100)],
  ["Käse & Söhne GmbH", "Käse & Söhne GmbH"],
])("an account may be named %j", (text, name) => {
  expect(readAccountName(text)).toBe(name);
});

test.each(["", "   ", "\n\t", "a".repeat(101)])("an account may not be named %j", (text) => {
  expect(() => readAccountName(text)).toThrow(
    expect.objectContaining({ code: "invalid", fields: [{ path: "name", problem: expect.any(String) }] }),
  );
});

test.each([
  ["Ann\r\nLee", "Ann Lee"],
  ["A\u0000nn\u202e", "Ann"],
  ["x".repeat(100), "x".repeat(100)],
  ["x".repeat(101), undefined],
  [" \u200b ", undefined],
  ["", undefined],
])("the name of a person is one line without control characters: %j is %j", (text, name) => {
  expect(readPersonName(text)).toBe(name);
});

test("a person who starts an account owns it, works in it at once, and starts there next time", async () => {
  const person = await people.addPerson();
  const { accountId } = await startAccount(source(), person, { name: " New  cellar " });
  expect(await accountOf(accountId)).toMatchObject({ name: "New cellar", parentId: null });
  expect(await rolesOf(person.id)).toEqual(["owner"]);
  const session = await database.db.session.findUniqueOrThrow({ where: { id: person.sessionId } });
  const user = await database.db.user.findUniqueOrThrow({ where: { id: person.id } });
  expect([session.activeOrganizationId, user.lastAccountId]).toEqual([accountId, accountId]);
  expect(await people.listEventKinds(accountId)).toEqual(["account.created"]);
});

test("a person owns ten accounts at most, also when several are started at the same instant", async () => {
  const person = await people.addPerson();
  for (let count = 0; count < 7; count++)
    await people
      .addMember(await people.addAccount(), "owner")
      .then(({ person: { id } }) =>
        database.db.member.updateMany({ where: { userId: id }, data: { userId: person.id } }),
      );
  // Accounts of others in which they work are not theirs.
  await database.db.member.create({
    data: { id: person.id, organizationId: await people.addAccount(), userId: person.id, role: "admin" },
  });
  const outcomes = await Promise.allSettled(
    Array.from({ length: 5 }, (_, n) => startAccount(source(), person, { name: `Cellar ${n}` })),
  );
  const refused = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason.code] : []));
  expect(refused).toEqual(["limit_reached", "limit_reached"]);
  expect((await rolesOf(person.id)).filter((role) => role === "owner")).toHaveLength(10);
});

test("a provider of single sign-on starts no account for a person, and a bad name makes none", async () => {
  const person = await people.addPerson();
  const bySso = { ...person, ssoAccountId: await people.addAccount() };
  await expect(startAccount(source(), bySso, { name: "Mine" })).rejects.toMatchObject({
    code: "forbidden",
    reason: "sso_session",
  });
  await expect(startAccount(source(), person, { name: " " })).rejects.toMatchObject({ code: "invalid" });
  expect(await rolesOf(person.id)).toEqual([]);
});

test.each([
  ["Ann Lee", undefined, "Ann Lee's account"],
  ["Ann\n Lee", undefined, "Ann Lee's account"],
  ["Ann", "  Cellar  ", "Cellar"],
  ["Ann", "   ", "Ann's account"],
  ["Ann", "c".repeat(150), "c".repeat(100)],
  ["n".repeat(95), undefined, `${"n".repeat(80)}'s account`],
])("the first account of %j, asked to be named %j, is named %j", async (name, accountName, expected) => {
  const { id, email } = await people.addPerson();
  const accountId = await ensureOwnAccount(
    database.db,
    { id, name, email },
    { accountName, at: people.now() },
  );
  expect((await accountOf(accountId)).name).toBe(expected);
  expect(await rolesOf(id)).toEqual(["owner"]);
});

test("a person without a name is named by their address, and has their account once", async () => {
  const { id } = await people.addPerson();
  const owner = { id, name: " ", email: "ann@people.example" };
  const first = await ensureOwnAccount(database.db, owner, { at: people.now() });
  const second = await ensureOwnAccount(database.db, owner, { accountName: "Other", at: people.now() });
  expect(second).toBe(first);
  expect((await accountOf(first)).name).toBe("ann@people.example's account");
});

test("sign-in starts where the person worked last while they may, else in their oldest account", async () => {
  const oldest = await people.addAccount();
  const { person } = await people.addMember(oldest);
  people.wait(1_000);
  const newer = await people.addAccount();
  await database.db.member.create({
    data: { id: newer, organizationId: newer, userId: person.id, role: "viewer", createdAt: people.now() },
  });
  const customer = await people.addAccount({ parentId: oldest });
  const foreign = await people.addAccount();
  const start = (lastAccountId: string | null) =>
    findStartAccount(database.db, { id: person.id, lastAccountId });
  expect(await start(null)).toBe(oldest);
  expect(await start(newer)).toBe(newer);
  expect(await start(customer)).toBe(customer);
  expect(await start(foreign)).toBe(oldest);
  const { id } = await people.addPerson();
  expect(await findStartAccount(database.db, { id, lastAccountId: oldest })).toBeNull();
});

test("an operator makes an account for a known user, or for no one yet", async () => {
  const { id, email } = await people.addPerson();
  const owned = await createAccount(source(), { name: "Owned", ownerEmail: ` ${email.toUpperCase()} ` });
  expect(owned).toMatchObject({ name: "Owned", owner: email });
  expect(await rolesOf(id)).toEqual(["owner"]);
  const empty = await createAccount(source(), { name: "Empty" });
  expect(empty.owner).toBeNull();
  await expect(
    createAccount(source(), { name: "Lost", ownerEmail: "no-one@people.example" }),
  ).rejects.toMatchObject({ code: "not_found" });
  expect(await database.db.organization.count({ where: { name: "Lost" } })).toBe(0);
  const event = await database.db.event.findFirstOrThrow({ where: { accountId: empty.id } });
  expect(event).toMatchObject({ kind: "account.created", actorKind: "operator" });
});

test("the operator's lists say which provider manages an account, and never a secret of a user", async () => {
  const provider = await people.addAccount({ name: "Provider of the list" });
  const customer = await people.addAccount({ parentId: provider, name: "Customer of the list" });
  const accounts = await listAccounts(source());
  expect(accounts.find(({ id }) => id === customer)).toMatchObject({ provider: "Provider of the list" });
  expect(accounts.find(({ id }) => id === provider)).toMatchObject({ provider: null });
  const names = accounts.map(({ name }) => name);
  expect(names).toEqual(names.toSorted());
  const [user] = await listUsers(source());
  expect(Object.keys(user ?? {}).toSorted()).toEqual(["createdAt", "email", "id", "name"]);
});

test("owners and admins rename an account; the same name again is no event", async () => {
  const accountId = await people.addAccount();
  const [{ ctx: admin }, { ctx: editor }] = [
    await people.addMember(accountId, "admin"),
    await people.addMember(accountId, "editor"),
  ];
  await expect(renameAccount(editor, { name: "Theirs" })).rejects.toMatchObject({ code: "forbidden" });
  await renameAccount(admin, { name: "Vault" });
  await renameAccount(admin, { name: " Vault " });
  await expect(renameAccount(admin, { name: "" })).rejects.toMatchObject({ code: "invalid" });
  expect((await accountOf(accountId)).name).toBe("Vault");
  expect(await people.listEventKinds(accountId)).toEqual(["account.renamed"]);
});

test("a suspended account refuses with the reason, keeps the instant of the first suspension, and resumes once", async () => {
  const [accountId, other] = [await people.addAccount({ name: "Spammer" }), await people.addAccount()];
  const suspend = (reason: string) => suspendAccount(source(), accountId, reason);
  await suspend("");
  const at = people.now();
  const refusal = { code: "forbidden", reason: "account_suspended" };
  await expect(refuseSuspended(database.db, [other, accountId])).rejects.toMatchObject({
    ...refusal,
    message: expect.not.stringContaining("Reason"),
  });
  people.wait(60_000);
  await suspend(`  Bill unpaid. ${"x".repeat(600)}`);
  expect((await accountOf(accountId)).suspendedReason).toHaveLength(500);
  expect((await accountOf(accountId)).suspendedAt).toEqual(at);
  await expect(refuseSuspended(database.db, [accountId])).rejects.toMatchObject({
    message: expect.stringMatching(/^The account Spammer is suspended\..* Reason: Bill unpaid\./),
  });
  await refuseSuspended(database.db, [other]);
  await refuseSuspended(database.db, []);
  await resumeAccount(database.db, accountId);
  await refuseSuspended(database.db, [accountId]);
  await expect(resumeAccount(database.db, accountId)).rejects.toMatchObject({
    code: "conflict",
    reason: "account_not_suspended",
  });
  expect((await accountOf(accountId)).suspendedReason).toBeNull();
});
