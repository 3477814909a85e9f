import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import { verifyPassword } from "better-auth/crypto";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestPeople, type TestPeople } from "../../testing/create-test-people.ts";
import { createUser } from "./create-user.ts";
import { getPerson } from "./get-person.ts";
import { inviteMember } from "./invite-member.ts";
import { pruneSignIn } from "./prune-sign-in.ts";
import { recordDeparture } from "./record-departure.ts";
import { renamePerson } from "./rename-person.ts";

const PASSWORD = "correct horse battery staple";
let database: TestDatabase;
let people: TestPeople;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  people = createTestPeople(database.db);
});
afterAll(() => database.drop());

const source = () => ({ db: database.db, now: people.now });

test("a user made by the operator signs in with the password at once, and belongs to no account", async () => {
  const made = await createUser(source(), { email: " Ada@People.Example ", password: PASSWORD });
  expect(made).toMatchObject({ email: "ada@people.example", name: "ada" });
  const user = await database.db.user.findUniqueOrThrow({
    where: { id: made.id },
    include: { credentials: true, members: true },
  });
  expect(user).toMatchObject({ emailVerified: true, members: [] });
  const [credential] = user.credentials;
  expect(credential).toMatchObject({ providerId: "credential", accountId: made.id });
  expect(await verifyPassword({ hash: credential?.password ?? "", password: PASSWORD })).toBe(true);
  expect(JSON.stringify(credential)).not.toContain(PASSWORD);
});

test.each([
  ["not an address", "ada", PASSWORD, ["email"]],
  ["a short password", "a@people.example", "short", ["password"]],
  ["both", "", "", ["email", "password"]],
  ["the address as the password", "ada.lovelace@people.example", "ada.lovelace@people.example", ["password"]],
])("%s is refused and names the field", async (_what, email, password, paths) => {
  const refusal = await createUser(source(), { email, password }).catch((error) => error);
  expect(refusal).toMatchObject({ code: "invalid" });
  expect(refusal.fields.map(({ path }: { path: string }) => path)).toEqual(paths);
  expect(await database.db.user.count({ where: { email } })).toBe(0);
});

test("an address has one sign-in, also when it is made twice at the same instant or written otherwise", async () => {
  const emails = ["eve@people.example", "EVE@people.example", " eve@people.example"];
  const outcomes = await Promise.allSettled(
    emails.map((email) => createUser(source(), { email, password: PASSWORD })),
  );
  const refused = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  expect(refused.map(({ code, reason }) => `${code} ${reason}`)).toEqual(
    Array(2).fill("conflict user_exists"),
  );
  const where = { user: { email: "eve@people.example" } };
  expect(await database.db.credential.count({ where })).toBe(1);
});

test("a person sees their accounts, the invitations of their address, and the accounts they left", async () => {
  const [home, left] = [await people.addAccount({ name: "Home" }), await people.addAccount({ name: "Left" })];
  const { person } = await people.addMember(home, "editor");
  const { ctx: inviter } = await people.addMember(await people.addAccount({ name: "New" }), "owner", "Bob");
  await inviteMember(inviter, { email: person.email, role: "viewer" }, people.deps);
  await inviteMember(inviter, { email: "other@people.example", role: "viewer" }, people.deps);
  const departure = { account: { id: left, name: "Left" }, reason: "removed", byName: "Bob" } as const;
  const { id: otherId } = await people.addPerson();
  await database.db.$transaction((db) =>
    recordDeparture(db, { ...departure, userIds: [person.id, otherId], at: people.now() }),
  );
  expect(await getPerson(source(), person)).toMatchObject({
    recoveryCodesLeft: null,
    mayStartAccount: true,
    accounts: [{ id: home, name: "Home", role: "editor" }],
    invitations: [{ accountName: "New", role: "viewer", invitedBy: { name: "Bob" } }],
    departures: [{ accountId: left, accountName: "Left", reason: "removed", by: "Bob" }],
  });
});

test("a person signed in by single sign-on sees only its account, and no invitations", async () => {
  const [home, other] = [
    await people.addAccount({ name: "Home" }),
    await people.addAccount({ name: "Other" }),
  ];
  const { person } = await people.addMember(home);
  await database.db.member.create({
    data: { id: other, organizationId: other, userId: person.id, role: "owner" },
  });
  const { ctx: inviter } = await people.addMember(await people.addAccount());
  await inviteMember(inviter, { email: person.email, role: "viewer" }, people.deps);
  for (const id of [home, other])
    await database.db.$transaction((db) =>
      recordDeparture(db, {
        userIds: [person.id],
        account: { id, name: id },
        reason: "removed",
        byName: null,
        at: people.now(),
      }),
    );
  const seen = await getPerson(source(), { ...person, ssoAccountId: home });
  expect(seen).toMatchObject({ mayStartAccount: false, accounts: [{ id: home }], invitations: [] });
  expect(seen.departures.map(({ accountId }) => accountId)).toEqual([home]);
});

test("an expired invitation is not offered, and at most 20 departures are shown, the latest first", async () => {
  const { person } = await people.addMember(await people.addAccount());
  const { ctx: inviter } = await people.addMember(await people.addAccount());
  await inviteMember(inviter, { email: person.email, role: "viewer" }, people.deps);
  people.wait(7 * DAY_MS);
  for (let left = 0; left < 22; left++) {
    const departure = { account: { id: `a${left}`, name: `Account ${left}` }, byName: null } as const;
    const at = new Date(people.now().getTime() + left * 1_000);
    await database.db.$transaction((db) =>
      recordDeparture(db, { ...departure, userIds: [person.id], reason: "deleted", at }),
    );
  }
  const { invitations, departures } = await getPerson(source(), person);
  expect(invitations).toEqual([]);
  expect(departures.map(({ accountId }) => accountId)).toEqual(
    Array.from({ length: 20 }, (_, n) => `a${21 - n}`),
  );
});

test("temporary rows of sign-in are deleted a day after they expired, and departures after 30 days", async () => {
  const hours = (n: number) => new Date(Date.now() + n * 3_600_000);
  await database.db.verification.createMany({
    data: [-25, -23, 1].map((n) => ({ id: `v${n}`, identifier: `i${n}`, value: "x", expiresAt: hours(n) })),
  });
  const { id: userId } = await people.addPerson();
  await database.db.departure.createMany({
    data: [-31, -29].map((days) => ({
      userId,
      formerAccountId: `${days}`,
      accountName: "Left",
      reason: "removed",
      at: hours(days * 24),
    })),
  });
  expect((await pruneSignIn(database.db)).verifications).toBe(1);
  expect((await pruneSignIn(database.db)).verifications).toBe(0);
  const ids = (await database.db.verification.findMany()).map(({ id }) => id);
  expect(ids.toSorted()).toEqual(["v-23", "v1"]);
  const departures = await database.db.departure.findMany({ where: { userId } });
  expect(departures.map(({ formerAccountId }) => formerAccountId)).toEqual(["-29"]);
});

test("a person renames themselves on one line; single sign-on and an empty name are refused", async () => {
  const { person } = await people.addMember(await people.addAccount());
  const other = await people.addPerson("Bob");
  await renamePerson(source(), person, { name: " Ada\r\nLovelace " });
  await expect(renamePerson(source(), person, { name: "\u200b" })).rejects.toMatchObject({ code: "invalid" });
  await expect(
    renamePerson(source(), { ...person, ssoAccountId: "a" }, { name: "Eve" }),
  ).rejects.toMatchObject({ code: "forbidden", reason: "sso_session" });
  await expect(
    renamePerson(source(), { ...person, id: `${person.id}-deleted` }, { name: "Eve" }),
  ).rejects.toMatchObject({ code: "not_found", message: "This sign-in was deleted." });
  const names = await database.db.user.findMany({ where: { id: { in: [person.id, other.id] } } });
  expect(names.map(({ name }) => name).toSorted()).toEqual(["Ada Lovelace", "Bob"]);
});
