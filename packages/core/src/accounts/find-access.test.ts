import { randomUUID } from "node:crypto";
import { ROLES, type Role } from "@waxseal/contract";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestPeople, type TestPeople } from "../../testing/create-test-people.ts";
import { createContext } from "../context.ts";
import { changeMemberRole } from "./change-member-role.ts";
import { endMemberSessions, leaveSessions } from "./end-member-sessions.ts";
import { findUserAccess, hasSeveralAccounts, isCustomerOf, requiresSso } from "./find-access.ts";
import { removeMember } from "./remove-member.ts";
import { requireRoleOver } from "./require-role-over.ts";

let database: TestDatabase;
let people: TestPeople;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  people = createTestPeople(database.db);
});
afterAll(() => database.drop());

const join = (userId: string, organizationId: string, role: Role) =>
  database.db.member.create({ data: { id: randomUUID(), organizationId, userId, role } });
const requireTwoFactor = (id: string) =>
  database.db.organization.update({ where: { id }, data: { requiresTwoFactor: true } });
const isSessionLeft = async (id: string) =>
  (await database.db.session.findUnique({ where: { id } })) !== null;

/** A provider with a customer, and a stranger's account. */
async function startFamily() {
  const provider = await people.addAccount({ name: "Provider" });
  const customer = await people.addAccount({ parentId: provider, name: "Customer" });
  return { provider, customer, stranger: await people.addAccount({ name: "Stranger" }) };
}

test("a role is that of the own membership, else that in the provider, and reaches no other account", async () => {
  const { provider, customer, stranger } = await startFamily();
  const { person } = await people.addMember(provider, "editor");
  const access = (accountId: string) => findUserAccess(database.db, person.id, accountId);
  expect(await access(provider)).toMatchObject({ role: "editor", homeId: provider });
  expect(await access(customer)).toMatchObject({ accountId: customer, role: "editor", homeId: provider });
  expect(await access(stranger)).toBeUndefined();
  expect(await access(randomUUID())).toBeUndefined();
  await join(person.id, customer, "viewer");
  expect(await access(customer)).toMatchObject({ role: "viewer", homeId: customer });
});

test("a customer's member has no role in the provider, nor in its other customers", async () => {
  const { provider, customer } = await startFamily();
  const sibling = await people.addAccount({ parentId: provider });
  const { person } = await people.addMember(customer, "owner");
  for (const accountId of [provider, sibling])
    expect(await findUserAccess(database.db, person.id, accountId)).toBeUndefined();
});

test("a session of single sign-on works only by the membership of its own account", async () => {
  const { provider, customer, stranger } = await startFamily();
  const { person } = await people.addMember(provider, "admin");
  await join(person.id, customer, "viewer");
  await join(person.id, stranger, "owner");
  const access = (accountId: string, homeId: string) =>
    findUserAccess(database.db, person.id, accountId, homeId);
  // The customer's own membership is not the provider's sign-on; the role of the provider's is.
  expect(await access(customer, provider)).toMatchObject({ role: "admin", homeId: provider });
  expect(await access(customer, customer)).toMatchObject({ role: "viewer", homeId: customer });
  expect(await access(stranger, provider)).toBeUndefined();
  const sibling = await people.addAccount({ parentId: provider });
  expect(await access(sibling, provider)).toMatchObject({ role: "admin" });
  expect(await access(sibling, stranger)).toBeUndefined();
  expect(await access(provider, customer)).toBeUndefined();
});

test.each([
  ["neither", [], false],
  ["the customer", ["customer"], true],
  ["the provider", ["provider"], true],
] as const)(
  "two-factor is required in a customer's account where %s requires it",
  async (_who, which, isRequired) => {
    const family = await startFamily();
    const { person } = await people.addMember(family.provider);
    for (const one of which) await requireTwoFactor(family[one]);
    expect(await findUserAccess(database.db, person.id, family.customer)).toMatchObject({
      requiresTwoFactor: isRequired,
    });
  },
);

test("the two-factor rule of a provider does not bind a customer's own members", async () => {
  const { provider, customer } = await startFamily();
  const { person } = await people.addMember(customer);
  await requireTwoFactor(provider);
  expect(await findUserAccess(database.db, person.id, customer)).toMatchObject({ requiresTwoFactor: false });
});

test.each(ROLES.map((role) => [role, role !== "owner"] as const))(
  "where single sign-on is required, %s has to use it: %s",
  async (role, isRequired) => {
    const { provider: homeId, customer: accountId } = await startFamily();
    const access = { accountId, homeId, role, requiresTwoFactor: false };
    expect(await requiresSso(database.db, access)).toBe(false);
    const sso = { issuer: "https://id.example", clientId: "c", clientSecretJwe: "x", domains: [] };
    await database.db.accountSso.create({
      data: { accountId: homeId, ...sso, isRequired: true, updatedAt: people.now() },
    });
    expect(await requiresSso(database.db, access)).toBe(isRequired);
    expect(await requiresSso(database.db, { ...access, homeId: accountId })).toBe(false);
  },
);

test("a person has several accounts by two memberships, or by one in a provider", async () => {
  const { provider, customer, stranger } = await startFamily();
  const { person: ofProvider } = await people.addMember(provider);
  const { person: ofCustomer } = await people.addMember(customer);
  const several = (id: string, home: string | null = null) => hasSeveralAccounts(database.db, id, home);
  expect(await several(ofProvider.id)).toBe(true);
  expect(await several(ofCustomer.id)).toBe(false);
  await join(ofCustomer.id, stranger, "viewer");
  expect(await several(ofCustomer.id)).toBe(true);
  expect(await several(ofCustomer.id, customer)).toBe(false);
  expect(await several(randomUUID())).toBe(false);
});

test("an account is the customer of its provider only", async () => {
  const { provider, customer, stranger } = await startFamily();
  expect(await isCustomerOf(database.db, customer, provider)).toBe(true);
  expect(await isCustomerOf(database.db, provider, customer)).toBe(false);
  expect(await isCustomerOf(database.db, customer, stranger)).toBe(false);
  expect(await isCustomerOf(database.db, provider, provider)).toBe(false);
});

/** Sessions of one person in each place, by name. */
async function openSessions(userId: string, family: Awaited<ReturnType<typeof startFamily>>) {
  const { provider, customer, stranger } = family;
  return {
    provider: await people.addSession(userId, { activeOrganizationId: provider }),
    customer: await people.addSession(userId, { activeOrganizationId: customer }),
    stranger: await people.addSession(userId, { activeOrganizationId: stranger }),
    none: await people.addSession(userId),
    sso: await people.addSession(userId, { ssoAccountId: provider }),
  };
}

test("the sessions of a member end in the account, in its customers and by its sign-on, and nowhere else", async () => {
  const family = await startFamily();
  const { person } = await people.addMember(family.stranger);
  const { person: other } = await people.addMember(family.provider);
  const sessions = await openSessions(person.id, family);
  await database.db.$transaction((db) => endMemberSessions(db, person.id, family.provider));
  const left = [];
  for (const [name, id] of Object.entries(sessions)) if (await isSessionLeft(id)) left.push(name);
  expect(left).toEqual(["stranger", "none"]);
  expect(await isSessionLeft(other.sessionId)).toBe(true);
});

test("sessions that leave an account go on without one; those of its sign-on end", async () => {
  const family = await startFamily();
  const { person } = await people.addMember(family.stranger);
  const sessions = await openSessions(person.id, family);
  await database.db.$transaction((db) => leaveSessions(db, person.id, family.provider));
  const rows = await database.db.session.findMany({ where: { userId: person.id } });
  const activeOf = (id: string) => rows.find((row) => row.id === id)?.activeOrganizationId;
  expect([activeOf(sessions.provider), activeOf(sessions.customer), activeOf(sessions.none)]).toEqual([
    null,
    null,
    null,
  ]);
  expect(activeOf(sessions.stranger)).toBe(family.stranger);
  expect(activeOf(sessions.sso)).toBeUndefined();
});

const MAY_CHANGE: [as: Role, before: Role, after: Role, isAllowed: boolean][] = [
  ["owner", "viewer", "owner", true],
  ["owner", "owner", "viewer", true],
  ["owner", "admin", "editor", true],
  ["admin", "viewer", "admin", true],
  ["admin", "admin", "viewer", true],
  ["admin", "viewer", "owner", false],
  ["admin", "owner", "viewer", false],
  ["editor", "viewer", "editor", false],
  ["viewer", "viewer", "admin", false],
];

test.each(MAY_CHANGE)(
  "a member with the role %s who changes %s to %s succeeds: %s",
  async (as, before, after, isAllowed) => {
    const accountId = await people.addAccount();
    await people.addMember(accountId);
    const [{ ctx }, { person }] = [
      await people.addMember(accountId, as),
      await people.addMember(accountId, before),
    ];
    const change = changeMemberRole(ctx, { userId: person.id, role: after });
    if (!isAllowed) await expect(change).rejects.toMatchObject({ code: "forbidden" });
    await Promise.allSettled([change]);
    const member = await database.db.member.findFirstOrThrow({ where: { userId: person.id } });
    expect(member.role).toBe(isAllowed ? after : before);
    expect(await people.listEventKinds(accountId)).toEqual(isAllowed ? ["member.roleChanged"] : []);
  },
);

test("another role ends the member's sessions in the account, but a person who changes their own role stays signed in", async () => {
  const accountId = await people.addAccount();
  const [{ ctx, person: self }, { person }] = [
    await people.addMember(accountId),
    await people.addMember(accountId),
  ];
  await changeMemberRole(ctx, { userId: person.id, role: "viewer" });
  expect(await isSessionLeft(person.sessionId)).toBe(false);
  await expect(changeMemberRole(ctx, { userId: self.id, role: "admin" })).rejects.toMatchObject({
    code: "conflict",
    reason: "last_owner",
  });
  await changeMemberRole(ctx, { userId: person.id, role: "owner" });
  await changeMemberRole(ctx, { userId: self.id, role: "admin" });
  expect(await isSessionLeft(self.sessionId)).toBe(true);
});

test("the same role again ends no session and is no event", async () => {
  const accountId = await people.addAccount();
  const [{ ctx }, { person }] = [
    await people.addMember(accountId),
    await people.addMember(accountId, "editor"),
  ];
  await changeMemberRole(ctx, { userId: person.id, role: "editor" });
  expect(await isSessionLeft(person.sessionId)).toBe(true);
  expect(await people.listEventKinds(accountId)).toEqual([]);
});

test("a member of another account is answered like a person who does not exist", async () => {
  const { ctx } = await people.addMember(await people.addAccount());
  const { person: foreign } = await people.addMember(await people.addAccount(), "viewer");
  const refusals = await Promise.all(
    [foreign.id, randomUUID()].flatMap((userId) => [
      changeMemberRole(ctx, { userId, role: "admin" }).catch(({ code, message }) => `${code} ${message}`),
      removeMember(ctx, { userId }).catch(({ code, message }) => `${code} ${message}`),
    ]),
  );
  expect(new Set(refusals)).toEqual(new Set(["not_found There is no such member."]));
});

test("jobs and the operator change owners; a system role cannot be claimed by an API key", () => {
  const source = { db: database.db, now: people.now };
  for (const kind of ["job", "operator"] as const)
    requireRoleOver(createContext(source, "a", { kind, id: "x", name: "X" }), "owner");
  const key = createContext(source, "a", { kind: "apiKey", id: "x", name: "X" }, "admin");
  expect(() => requireRoleOver(key, "viewer", "owner")).toThrow(
    expect.objectContaining({ code: "forbidden", reason: "owners_only" }),
  );
  requireRoleOver(key, "viewer", "admin");
});
