import { randomUUID } from "node:crypto";
import type { Role } from "@waxseal/contract";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { MINUTE_MS } from "@waxseal/runtime/time-spans";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestPeople, type TestPeople } from "../../testing/create-test-people.ts";
import { createTestDomain } from "../../testing/create-test-report.ts";
import { createApiKey } from "../accounts/create-api-key.ts";
import { inviteMember } from "../accounts/invite-member.ts";
import type { Person } from "../accounts/person.ts";
import { deleteOwnSignIn } from "./delete-own-sign-in.ts";
import { exportPerson } from "./export-person.ts";

let database: TestDatabase;
let people: TestPeople;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  people = createTestPeople(database.db);
});
afterAll(() => database.drop());

const source = () => ({ db: database.db, now: people.now });
const remove = (person: Person, email = person.email) =>
  deleteOwnSignIn(source(), { ...person, signedInAt: people.now() }, { email }, people.deps);
const isThere = async ({ id }: Person) => (await database.db.user.count({ where: { id } })) > 0;
const closingAt = async (id: string) =>
  (await database.db.organization.findUniqueOrThrow({ where: { id } })).closingAt;
const join = (person: Person, organizationId: string, role: Role) =>
  database.db.member.create({ data: { id: randomUUID(), organizationId, userId: person.id, role } });

test("a deleted sign-in leaves no session, passkey, membership or key of the person, and a mail confirms it", async () => {
  const accountId = await people.addAccount();
  await people.addMember(accountId);
  const { ctx, person } = await people.addMember(accountId, "admin");
  await people.addPasskey(person.id);
  await createApiKey(ctx, { name: "Deploy" });
  await inviteMember(ctx, { email: "guest@people.example", role: "viewer" }, people.deps);
  await remove(person, ` ${person.email.toUpperCase()} `);
  expect(await isThere(person)).toBe(false);
  const { db } = database;
  const own = { where: { userId: person.id } };
  expect([await db.session.count(own), await db.passkey.count(own), await db.member.count(own)]).toEqual([
    0, 0, 0,
  ]);
  expect(await db.apikey.count({ where: { referenceId: accountId } })).toBe(0);
  expect(await db.invitation.findMany({ where: { organizationId: accountId } })).toMatchObject([
    { status: "canceled" },
  ]);
  expect((await people.listEventKinds(accountId)).slice(-3)).toEqual([
    "apiKey.deleted",
    "invitation.revoked",
    "member.removed",
  ]);
  expect(people.mails.at(-1)).toMatchObject({ to: person.email });
  expect(await closingAt(accountId)).toBeNull();
});

test("the audit log keeps the name and address, since it is the account's record", async () => {
  const accountId = await people.addAccount();
  await people.addMember(accountId);
  const { person } = await people.addMember(accountId, "viewer", "Vera");
  await remove(person);
  const event = await database.db.event.findFirstOrThrow({ where: { accountId } });
  expect(event).toMatchObject({
    actorName: "Vera",
    data: { email: person.email, before: "viewer", after: null },
  });
});

test.each([
  ["another member", (accountId: string) => people.addMember(accountId, "admin")],
  ["a customer", (parentId: string) => people.addAccount({ parentId })],
  [
    "a domain",
    async (accountId: string) => {
      const { ctx } = await people.addMember(accountId, "owner");
      await createTestDomain(ctx, `${accountId}.example`);
      await database.db.member.deleteMany({ where: { userId: ctx.actor.id } });
    },
  ],
] as const)("the only owner of an account with %s cannot leave it without an owner", async (_what, add) => {
  const accountId = await people.addAccount({ name: "Held" });
  const { person } = await people.addMember(accountId);
  await add(accountId);
  await expect(remove(person)).rejects.toMatchObject({
    code: "conflict",
    reason: "last_owner",
    message: expect.stringContaining("the only owner of Held"),
    collidesWith: { kind: "account", id: accountId },
  });
  expect(await isThere(person)).toBe(true);
  const { person: heir } = await people.addMember(accountId);
  await remove(person);
  expect([await isThere(person), await isThere(heir)]).toEqual([false, true]);
  expect(await closingAt(accountId)).toBeNull();
});

test("an account that holds nothing is closed with its last member; a customer stays its provider's", async () => {
  const provider = await people.addAccount();
  await people.addMember(provider);
  const customer = await people.addAccount({ parentId: provider });
  const alone = await people.addAccount();
  const { person } = await people.addMember(alone);
  await join(person, customer, "viewer");
  await remove(person);
  expect(await closingAt(alone)).toEqual(people.now());
  expect(await closingAt(customer)).toBeNull();
  const jobs = await database.db.$queryRaw<{ key: string }[]>`
    select key from graphile_worker.jobs where key like ${`account.finishClosing:%`}`;
  expect(jobs).toEqual([{ key: `account.finishClosing:${alone}` }]);
});

test("of two owners who delete their sign-ins at the same instant one stays while the account has a domain", async () => {
  // Without the lock, nearly every round leaves no owner.
  for (let round = 0; round < 3; round++) {
    const accountId = await people.addAccount();
    const { ctx, person } = await people.addMember(accountId);
    const { person: other } = await people.addMember(accountId);
    await createTestDomain(ctx, `shared-by-two-${round}.example`);
    const outcomes = await Promise.allSettled([remove(person), remove(other)]);
    const refused = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason.reason] : []));
    expect(refused).toEqual(["last_owner"]);
    expect(await database.db.member.count({ where: { organizationId: accountId } })).toBe(1);
  }
});

test("a request that is sent twice deletes the sign-in once and mails once", async () => {
  const person = await people.addPerson();
  await Promise.all([remove(person), remove(person), remove(person)]);
  expect(await isThere(person)).toBe(false);
  expect(people.mails.filter(({ to }) => to === person.email)).toHaveLength(1);
});

test("a wrong address, a sign-in older than 15 minutes and single sign-on delete nothing", async () => {
  const { person } = await people.addMember(await people.addAccount());
  await expect(remove(person, "other@people.example")).rejects.toMatchObject({
    code: "invalid",
    fields: [{ path: "email" }],
  });
  const attempt = (change: Partial<Person>) =>
    deleteOwnSignIn(source(), { ...person, ...change }, { email: person.email }, people.deps);
  const signedInAt = new Date(people.now().getTime() - 15 * MINUTE_MS - 1);
  await expect(attempt({ signedInAt })).rejects.toMatchObject({ reason: "sign_in_too_old" });
  await expect(attempt({ signedInAt: people.now(), ssoAccountId: "a" })).rejects.toMatchObject({
    reason: "sso_session",
  });
  expect(await isThere(person)).toBe(true);
});

test("the export of a person has what is theirs in every account, and nothing that opens their sign-in", async () => {
  const { person } = await people.addMember(await people.addAccount({ name: "First" }));
  await join(person, await people.addAccount({ name: "Second" }), "viewer");
  await people.addPasskey(person.id);
  await database.db.credential.create({
    data: {
      id: person.id,
      accountId: person.id,
      providerId: "credential",
      userId: person.id,
      password: "hash-of-it",
    },
  });
  const { person: other } = await people.addMember(await people.addAccount({ name: "Third" }));
  const chunks: Buffer[] = [];
  for await (const chunk of (await exportPerson(source(), person)).chunks) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString();
  for (const expected of [person.email, "First", "Second", "Laptop"]) expect(text).toContain(expected);
  for (const secret of ["hash-of-it", "Third", other.id, `"token"`]) expect(text).not.toContain(secret);
});
