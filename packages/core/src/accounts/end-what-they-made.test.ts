import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestPeople, type TestPeople } from "../../testing/create-test-people.ts";
import type { Context } from "../context.ts";
import { changeMemberRole } from "./change-member-role.ts";
import { createApiKey } from "./create-api-key.ts";
import { deleteApiKey } from "./delete-api-key.ts";
import { inviteMember } from "./invite-member.ts";
import { removeMember } from "./remove-member.ts";

let database: TestDatabase;
let people: TestPeople;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  people = createTestPeople(database.db);
});
afterAll(() => database.drop());

const SCOPES = ["read", "write", "admin"] as const;

/** An account and a customer, their owner, and an admin who made a key of each scope and an invitation in both. */
async function startWithAdmin() {
  const accountId = await people.addAccount();
  const customerId = await people.addAccount({ parentId: accountId });
  const { ctx: owner } = await people.addMember(accountId, "owner", "Olga");
  const { ctx: admin, person } = await people.addMember(accountId, "admin", "Ann");
  for (const ctx of [admin, { ...admin, accountId: customerId }]) {
    for (const scope of SCOPES) await createApiKey(ctx, { name: scope, scope });
    await inviteMember(ctx, { email: `${randomUUID()}@people.example`, role: "editor" }, people.deps);
  }
  await createApiKey(owner, { name: "Olga's" });
  return { accountId, customerId, owner, admin, person };
}

const listKeys = async (accountId: string) =>
  (await database.db.apikey.findMany({ where: { referenceId: accountId }, orderBy: { name: "asc" } })).map(
    ({ name, createdByName }) => `${name} of ${createdByName}`,
  );
const countOpen = (organizationId: string) =>
  database.db.invitation.count({ where: { organizationId, status: "pending" } });

test("a removed member's keys and open invitations end, here and at customers; those of others stay", async () => {
  const { accountId, customerId, owner, person } = await startWithAdmin();
  await removeMember(owner, { userId: person.id });
  expect(await listKeys(accountId)).toEqual(["Olga's of Olga"]);
  expect(await listKeys(customerId)).toEqual([]);
  expect([await countOpen(accountId), await countOpen(customerId)]).toEqual([0, 0]);
  const kinds = await people.listEventKinds(customerId);
  expect(kinds.filter((kind) => kind === "apiKey.deleted")).toHaveLength(3);
  expect(kinds.filter((kind) => kind === "invitation.revoked")).toHaveLength(1);
});

test("with takesOverKeys a removed member's keys keep working and belong to the person who removes them", async () => {
  const { accountId, customerId, owner, person } = await startWithAdmin();
  await removeMember(owner, { userId: person.id, takesOverKeys: true });
  expect(await listKeys(accountId)).toEqual([
    "Olga's of Olga",
    ...["admin", "read", "write"].map((one) => `${one} of Olga`),
  ]);
  expect(await listKeys(customerId)).toHaveLength(3);
  expect([await countOpen(accountId), await countOpen(customerId)]).toEqual([0, 0]);
});

test("a member who leaves does not take over the keys they made", async () => {
  const { accountId, admin, person } = await startWithAdmin();
  await removeMember(admin, { userId: person.id, takesOverKeys: true });
  expect(await listKeys(accountId)).toEqual(["Olga's of Olga"]);
});

test.each([
  ["editor", ["read", "write"]],
  ["viewer", ["read"]],
] as const)(
  "an admin who becomes %s keeps keys of scope %j only, and no open invitation",
  async (role, left) => {
    const { accountId, customerId, owner, person } = await startWithAdmin();
    await changeMemberRole(owner, { userId: person.id, role });
    expect(await listKeys(accountId)).toEqual(["Olga's of Olga", ...left.map((scope) => `${scope} of Ann`)]);
    expect(await listKeys(customerId)).toEqual(left.map((scope) => `${scope} of Ann`));
    expect(await countOpen(customerId)).toBe(0);
  },
);

test("an owner who becomes admin keeps what an admin may make, but no open invitation of an owner", async () => {
  const { accountId, owner } = await startWithAdmin();
  const { ctx: second, person } = await people.addMember(accountId, "owner", "Bob");
  await createApiKey(second, { name: "Bob's" });
  for (const role of ["owner", "editor"] as const)
    await inviteMember(second, { email: `${role}-${accountId}@people.example`, role }, people.deps);
  await changeMemberRole(owner, { userId: person.id, role: "admin" });
  expect(await listKeys(accountId)).toContain("Bob's of Bob");
  const open = await database.db.invitation.findMany({ where: { inviterId: person.id, status: "pending" } });
  expect(open.map(({ role }) => role)).toEqual(["editor"]);
});

test("a removed member's sessions leave the account and its customers, and single sign-on sessions end", async () => {
  const { accountId, customerId, owner, person } = await startWithAdmin();
  const elsewhere = await people.addAccount();
  const atCustomer = await people.addSession(person.id, { activeOrganizationId: customerId });
  const other = await people.addSession(person.id, { activeOrganizationId: elsewhere });
  const bySso = await people.addSession(person.id, { ssoAccountId: accountId });
  await removeMember(owner, { userId: person.id });
  const where = { id: { in: [person.sessionId, atCustomer, other, bySso] } };
  const left = await database.db.session.findMany({ where });
  expect(new Map(left.map((one) => [one.id, one.activeOrganizationId]))).toEqual(
    new Map([
      [person.sessionId, null],
      [atCustomer, null],
      [other, elsewhere],
    ]),
  );
  const [departure] = await database.db.departure.findMany({ where: { userId: person.id } });
  expect(departure).toMatchObject({ formerAccountId: accountId, reason: "removed", byName: "Olga" });
});

test("a new role ends the member's sessions in the account and its customers, and no others", async () => {
  const { customerId, owner, person } = await startWithAdmin();
  const atCustomer = await people.addSession(person.id, { activeOrganizationId: customerId });
  const other = await people.addSession(person.id, { activeOrganizationId: await people.addAccount() });
  await changeMemberRole(owner, { userId: person.id, role: "viewer" });
  const left = await database.db.session.findMany({ where: { userId: person.id } });
  expect(left.map(({ id }) => id)).toEqual([other]);
  expect(await database.db.session.count({ where: { id: atCustomer } })).toBe(0);
});

test("an account keeps its last owner, and an admin neither removes an owner nor becomes one", async () => {
  const { owner, admin } = await startWithAdmin();
  const ownerId = owner.actor.id;
  const leaves = (ctx: Context) => removeMember(ctx, { userId: ownerId });
  await expect(leaves(owner)).rejects.toMatchObject({ code: "conflict" });
  await expect(changeMemberRole(owner, { userId: ownerId, role: "admin" })).rejects.toMatchObject({
    code: "conflict",
  });
  await expect(leaves(admin)).rejects.toMatchObject({ code: "forbidden" });
  await expect(changeMemberRole(admin, { userId: ownerId, role: "viewer" })).rejects.toMatchObject({
    code: "forbidden",
  });
  await expect(changeMemberRole(admin, { userId: admin.actor.id, role: "owner" })).rejects.toMatchObject({
    code: "forbidden",
  });
});

test("another account's members and keys answer like missing ones", async () => {
  const { admin, person, accountId } = await startWithAdmin();
  const { ctx: stranger } = await people.addMember(await people.addAccount());
  const key = await database.db.apikey.findFirstOrThrow({ where: { referenceId: accountId } });
  const wishes = [
    (own: boolean) => removeMember(stranger, { userId: own ? person.id : "none" }),
    (own: boolean) => changeMemberRole(stranger, { userId: own ? person.id : "none", role: "viewer" }),
    (own: boolean) => deleteApiKey(stranger, { apiKeyId: own ? key.id : "none" }),
  ];
  for (const wish of wishes) {
    const [theirs, missing] = await Promise.allSettled([wish(true), wish(false)]);
    expect(theirs).toMatchObject({ status: "rejected", reason: { code: "not_found" } });
    expect(theirs).toEqual(missing);
  }
  await deleteApiKey(admin, { apiKeyId: key.id });
  await expect(deleteApiKey(admin, { apiKeyId: key.id })).rejects.toMatchObject({ code: "not_found" });
});
