import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestPeople, type TestPeople } from "../../testing/create-test-people.ts";
import { acceptInvitation } from "./accept-invitation.ts";
import { inviteMember } from "./invite-member.ts";
import type { Person } from "./person.ts";
import { resendInvitation } from "./resend-invitation.ts";
import { revokeInvitation } from "./revoke-invitation.ts";

let database: TestDatabase;
let people: TestPeople;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  people = createTestPeople(database.db);
});
afterAll(() => database.drop());

const accept = (person: Person, invitationToken: string) =>
  acceptInvitation({ db: database.db, now: people.now }, person, { invitationToken });
const isMember = async (organizationId: string, { id: userId }: Person) =>
  (await database.db.member.count({ where: { organizationId, userId } })) > 0;

/** An account whose owner has invited a person; `token` is in the mail only. */
async function invite(role: "owner" | "admin" | "editor" | "viewer" = "editor") {
  const accountId = await people.addAccount();
  const { ctx } = await people.addMember(accountId);
  const invited = await people.addPerson("Bob");
  const item = await inviteMember(ctx, { email: invited.email, role }, people.deps);
  return { accountId, ctx, invited, invitationId: item.id, token: people.findMailedToken(invited.email) };
}

test("the token of the mail makes the invited person a member once, with the role that was offered", async () => {
  const { accountId, invited, token } = await invite("admin");
  expect(await accept(invited, token)).toEqual({ accountId });
  const [member] = await database.db.member.findMany({ where: { userId: invited.id } });
  expect(member).toMatchObject({ organizationId: accountId, role: "admin" });
  expect(await database.db.session.findUnique({ where: { id: invited.sessionId } })).toMatchObject({
    activeOrganizationId: accountId,
  });
  expect(await database.db.user.findUnique({ where: { id: invited.id } })).toMatchObject({
    lastAccountId: accountId,
  });
  await expect(accept(invited, token)).rejects.toMatchObject({
    code: "not_found",
    message: expect.stringContaining("accepted already"),
  });
  expect(await people.listEventKinds(accountId)).toEqual(["member.invited", "member.joined"]);
});

test("of two simultaneous acceptances one succeeds and leaves one member and one log entry", async () => {
  const { accountId, invited, token } = await invite();
  const outcomes = await Promise.allSettled([accept(invited, token), accept(invited, token)]);
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await people.listEventKinds(accountId)).toEqual(["member.invited", "member.joined"]);
});

test("another person with the link, and the invited person with another token, do not get in", async () => {
  const { accountId, invited, token } = await invite("owner");
  const thief = await people.addPerson("Eve");
  await expect(accept(thief, token)).rejects.toMatchObject({ code: "forbidden" });
  await expect(accept(invited, `${token}x`)).rejects.toMatchObject({ code: "not_found" });
  await expect(accept(invited, "")).rejects.toMatchObject({ code: "not_found" });
  expect([await isMember(accountId, thief), await isMember(accountId, invited)]).toEqual([false, false]);
  await accept({ ...invited, email: invited.email.toUpperCase() }, token);
  expect(await isMember(accountId, invited)).toBe(true);
});

test("a person who came by the single sign-on of another account does not join this one", async () => {
  const { accountId, invited, token } = await invite();
  const ssoAccountId = await people.addAccount();
  await expect(accept({ ...invited, ssoAccountId }, token)).rejects.toMatchObject({ code: "forbidden" });
  expect(await isMember(accountId, invited)).toBe(false);
  await accept({ ...invited, ssoAccountId: accountId }, token);
  // The provider of one account does not choose where the person's own sign-in starts.
  expect(await database.db.user.findUnique({ where: { id: invited.id } })).toMatchObject({
    lastAccountId: null,
  });
});

test("a revoked invitation admits no one, is revoked once, and only by its own account", async () => {
  const { accountId, ctx, invited, invitationId, token } = await invite();
  const other = await people.addMember(await people.addAccount());
  await expect(revokeInvitation(other.ctx, { invitationId })).rejects.toMatchObject({ code: "not_found" });
  await revokeInvitation(ctx, { invitationId });
  await expect(revokeInvitation(ctx, { invitationId })).rejects.toMatchObject({ code: "not_found" });
  await expect(accept(invited, token)).rejects.toMatchObject({ message: expect.stringContaining("revoked") });
  expect(await people.listEventKinds(accountId)).toEqual(["member.invited", "invitation.revoked"]);
});

test("a link works for seven days; sent again it has seven more, and the earlier link ends", async () => {
  const { ctx, invited, invitationId, token } = await invite();
  people.wait(7 * DAY_MS);
  await expect(accept(invited, token)).rejects.toMatchObject({
    message: expect.stringContaining("expired on"),
  });
  const other = await people.addMember(await people.addAccount());
  await expect(resendInvitation(other.ctx, { invitationId }, people.deps)).rejects.toMatchObject({
    code: "not_found",
  });
  await resendInvitation(ctx, { invitationId }, people.deps);
  const newer = people.findMailedToken(invited.email);
  expect(newer).not.toBe(token);
  people.wait(7 * DAY_MS - 1);
  await expect(accept(invited, token)).rejects.toMatchObject({ code: "not_found" });
  await accept(invited, newer);
  await expect(resendInvitation(ctx, { invitationId }, people.deps)).rejects.toMatchObject({
    code: "not_found",
  });
});

test("an account that is being deleted invites and admits no one", async () => {
  const { accountId, ctx, invited, invitationId, token } = await invite();
  await database.db.organization.update({ where: { id: accountId }, data: { closingAt: people.now() } });
  await expect(accept(invited, token)).rejects.toMatchObject({
    message: expect.stringContaining("being deleted"),
  });
  const wish = { email: "carol@people.example", role: "viewer" } as const;
  await expect(inviteMember(ctx, wish, people.deps)).rejects.toMatchObject({ code: "conflict" });
  await expect(resendInvitation(ctx, { invitationId }, people.deps)).rejects.toMatchObject({
    code: "conflict",
  });
});

test("only an owner invites an owner, also by sending an owner's invitation again", async () => {
  const { accountId, invitationId } = await invite("owner");
  const { ctx: admin } = await people.addMember(accountId, "admin");
  const wish = { email: "carol@people.example", role: "owner" } as const;
  await expect(inviteMember(admin, wish, people.deps)).rejects.toMatchObject({ code: "forbidden" });
  await expect(resendInvitation(admin, { invitationId }, people.deps)).rejects.toMatchObject({
    code: "forbidden",
  });
});

test("a second invitation of an address replaces the first; a member is not invited again", async () => {
  const { ctx, invited, token } = await invite();
  await inviteMember(ctx, { email: ` ${invited.email.toUpperCase()} `, role: "viewer" }, people.deps);
  await expect(accept(invited, token)).rejects.toMatchObject({ code: "not_found" });
  await accept(invited, people.findMailedToken(invited.email));
  await expect(inviteMember(ctx, { email: invited.email, role: "admin" }, people.deps)).rejects.toMatchObject(
    {
      code: "conflict",
    },
  );
});

test("the token is in the mail and nowhere in the database", async () => {
  const { token, invitationId } = await invite();
  const row = await database.db.invitation.findUniqueOrThrow({ where: { id: invitationId } });
  const events = await database.db.event.findMany();
  expect(
    JSON.stringify([row, events], (_, value) => (typeof value === "bigint" ? `${value}` : value)),
  ).not.toContain(token);
});
