import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { DAY_MS, MINUTE_MS } from "@waxseal/runtime/time-spans";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestPeople, type TestPeople } from "../../testing/create-test-people.ts";
import { askEmailChange, confirmEmailChange } from "./change-email.ts";
import type { Person } from "./person.ts";

let database: TestDatabase;
let people: TestPeople;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  people = createTestPeople(database.db);
});
afterAll(() => database.drop());

const source = () => ({ db: database.db, now: people.now });
const ask = (person: Person, email: string) => askEmailChange(source(), person, { email }, people.deps);
const confirm = (emailChangeToken: string) => confirmEmailChange(source(), { emailChangeToken }, people.deps);
const emailOf = async ({ id }: Person) => (await database.db.user.findUniqueOrThrow({ where: { id } })).email;

/** A member who has asked for another address, and the links in both mailboxes. */
async function startChange() {
  const accountId = await people.addAccount();
  const { person } = await people.addMember(accountId, "editor");
  const after = `new-${person.email}`;
  await ask(person, after);
  const [old, fresh] = [people.findMailedToken(person.email), people.findMailedToken(after)];
  return { accountId, person, after, old, fresh };
}

test.each([
  ["the old mailbox first", ["old", "new"]],
  ["the new mailbox first", ["new", "old"]],
] as const)("the address changes when both mailboxes have confirmed, %s", async (_, order) => {
  const { accountId, person, after, old, fresh } = await startChange();
  const links = { old, new: fresh };
  const [first, second] = order;
  expect(await confirm(links[first])).toEqual({ email: after, waitsFor: second });
  expect(await emailOf(person)).toBe(person.email);
  expect(await confirm(links[second])).toEqual({ email: after, waitsFor: null });
  expect(await emailOf(person)).toBe(after);
  expect(await database.db.session.count({ where: { userId: person.id } })).toBe(0);
  expect(await people.listEventKinds(accountId)).toEqual(["member.emailChanged"]);
  for (const to of [person.email, after])
    expect(people.mails.findLast((mail) => mail.to === to)?.text.replace(/\s+/g, " ")).toContain(
      `changed from ${person.email} to ${after}`,
    );
});

test("one mailbox that confirms twice does not change the address", async () => {
  const { person, old, fresh } = await startChange();
  for (const link of [old, old]) await confirm(link);
  expect(await emailOf(person)).toBe(person.email);
  await confirm(fresh);
  await expect(confirm(fresh)).rejects.toMatchObject({ code: "not_found" });
});

test("two confirmations at the same instant change the address once", async () => {
  const { accountId, person, after, old, fresh } = await startChange();
  const answers = await Promise.all([confirm(old), confirm(fresh)]);
  expect(answers.filter(({ waitsFor }) => waitsFor === null)).toHaveLength(1);
  expect(await emailOf(person)).toBe(after);
  expect(await people.listEventKinds(accountId)).toEqual(["member.emailChanged"]);
});

test("a later wish ends the links of an earlier one, and links end after a day", async () => {
  const { person, old, fresh } = await startChange();
  await ask(person, `newest-${person.email}`);
  for (const link of [old, fresh]) await expect(confirm(link)).rejects.toMatchObject({ code: "not_found" });
  const newest = people.findMailedToken(person.email);
  people.wait(DAY_MS);
  await expect(confirm(newest)).rejects.toMatchObject({ code: "not_found" });
  expect(await emailOf(person)).toBe(person.email);
});

test.each(["", "x", "x.y", "."])("a made-up link %j changes nothing", async (link) => {
  await expect(confirm(link)).rejects.toMatchObject({ code: "not_found" });
});

test("the secret of one wish does not confirm another", async () => {
  const [mine, theirs] = [await startChange(), await startChange()];
  const [id] = theirs.old.split(".");
  const [, secret] = mine.old.split(".");
  await expect(confirm(`${id}.${secret}`)).rejects.toMatchObject({ code: "not_found" });
});

test("only the owner of a taken address learns that it is taken, and keeps it", async () => {
  const [person, owner] = [await people.addPerson(), await people.addPerson("Bob")];
  expect(await ask(person, owner.email)).toBe(await ask(person, "free@people.example"));
  await ask(person, owner.email);
  expect(people.mails.findLast(({ to }) => to === owner.email)?.text).not.toContain("/email-change/");
  await confirm(people.findMailedToken(person.email));
  expect(await emailOf(owner)).toBe(owner.email);
});

test("an address that was taken in between is refused in words, and both people keep theirs", async () => {
  const { person, after, old, fresh } = await startChange();
  await confirm(old);
  const other = await people.addPerson("Bob");
  await database.db.user.update({ where: { id: other.id }, data: { email: after } });
  await expect(confirm(fresh)).rejects.toMatchObject({ code: "conflict" });
  expect(await emailOf(person)).toBe(person.email);
});

test("an old sign-in, single sign-on and the present address are refused", async () => {
  const person = await people.addPerson();
  const signedInAt = new Date(people.now().getTime() - 15 * MINUTE_MS - 1);
  await expect(ask({ ...person, signedInAt }, "new@people.example")).rejects.toMatchObject({
    code: "forbidden",
  });
  await expect(ask({ ...person, ssoAccountId: "a" }, "new@people.example")).rejects.toMatchObject({
    code: "forbidden",
  });
  await expect(ask(person, ` ${person.email.toUpperCase()} `)).rejects.toMatchObject({ code: "invalid" });
});
