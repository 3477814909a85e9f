import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { DAY_MS, MINUTE_MS } from "@waxseal/runtime/time-spans";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestPeople, type TestPeople } from "../../testing/create-test-people.ts";
import { removePasskey } from "./remove-passkey.ts";
import { renamePasskey } from "./rename-passkey.ts";
import { applyDueReset, cancelReset, resetMemberTwoFactor, resetUserTwoFactor } from "./reset-two-factor.ts";
import { setTwoFactorRule } from "./set-two-factor-rule.ts";

let database: TestDatabase;
let people: TestPeople;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  people = createTestPeople(database.db);
});
afterAll(() => database.drop());

const source = () => ({ db: database.db, now: people.now });
const hasApp = async (id: string) =>
  (await database.db.user.findUniqueOrThrow({ where: { id } })).twoFactorEnabled;

async function addApp(userId: string) {
  await database.db.twoFactor.create({ data: { id: randomUUID(), userId, secret: "s", backupCodes: "b" } });
  await database.db.user.update({ where: { id: userId }, data: { twoFactorEnabled: true } });
}

/** An owner, and a member with an authenticator app who belongs to two accounts. */
async function startWithApp() {
  const accountId = await people.addAccount();
  const otherId = await people.addAccount();
  const { ctx: owner, person: asker } = await people.addMember(accountId, "owner", "Olga");
  const { person } = await people.addMember(accountId, "editor", "Ann");
  const member = { id: randomUUID(), organizationId: otherId, userId: person.id, role: "viewer" };
  await database.db.member.create({ data: member });
  await addApp(person.id);
  return { accountId, otherId, owner, asker, person };
}

test("a reset takes a day, is mailed to both people, and is in the log of every account of the member", async () => {
  const { accountId, otherId, owner, asker, person } = await startWithApp();
  await resetMemberTwoFactor(owner, { userId: person.id, signedInAt: people.now() }, people.deps);
  const sentTo = people.mails.slice(-2).map(({ to }) => to);
  expect(sentTo.toSorted()).toEqual([asker.email, person.email].toSorted());
  people.wait(DAY_MS - 1);
  await applyDueReset(source(), { id: person.id }, people.deps);
  expect(await hasApp(person.id)).toBe(true);
  people.wait(1);
  await Promise.all([0, 1].map(() => applyDueReset(source(), { email: person.email }, people.deps)));
  expect(await hasApp(person.id)).toBe(false);
  expect(await database.db.twoFactor.count({ where: { userId: person.id } })).toBe(0);
  expect(await database.db.session.count({ where: { userId: person.id } })).toBe(0);
  for (const id of [accountId, otherId])
    expect(await people.listEventKinds(id)).toEqual(["member.twoFactorResetAsked", "member.twoFactorReset"]);
});

test("using the factor stops a reset for good; stopping without one says nothing", async () => {
  const { accountId, owner, person } = await startWithApp();
  await resetMemberTwoFactor(owner, { userId: person.id, signedInAt: people.now() }, people.deps);
  for (const _ of [0, 1]) await database.db.$transaction((db) => cancelReset(db, source(), person.id));
  people.wait(2 * DAY_MS);
  await applyDueReset(source(), { id: person.id }, people.deps);
  expect(await hasApp(person.id)).toBe(true);
  expect(await people.listEventKinds(accountId)).toEqual([
    "member.twoFactorResetAsked",
    "member.twoFactorResetCanceled",
  ]);
});

test("asking again starts the day again", async () => {
  const { owner, person } = await startWithApp();
  const askNow = () =>
    resetMemberTwoFactor(owner, { userId: person.id, signedInAt: people.now() }, people.deps);
  await askNow();
  people.wait(DAY_MS - 1);
  await askNow();
  people.wait(1);
  await applyDueReset(source(), { id: person.id }, people.deps);
  expect(await hasApp(person.id)).toBe(true);
});

test("an owner resets neither with an old sign-in, nor themselves, nor a stranger, nor a person without an app", async () => {
  const { accountId, owner, person } = await startWithApp();
  const { person: plain } = await people.addMember(accountId, "viewer");
  const stranger = await startWithApp();
  const old = new Date(people.now().getTime() - 15 * MINUTE_MS - 1);
  const signedInAt = people.now();
  const reset = (userId: string, at = signedInAt) =>
    resetMemberTwoFactor(owner, { userId, signedInAt: at }, people.deps);
  await expect(reset(person.id, old)).rejects.toMatchObject({ code: "forbidden" });
  await expect(reset(owner.actor.id)).rejects.toMatchObject({ code: "conflict" });
  await expect(reset(stranger.person.id)).rejects.toMatchObject({ code: "not_found" });
  await expect(reset(plain.id)).rejects.toMatchObject({ code: "conflict" });
  expect(await database.db.twoFactorReset.count({ where: { userId: person.id } })).toBe(0);
});

test("the operator resets by address, in any case", async () => {
  const { person } = await startWithApp();
  const email = ` ${person.email.toUpperCase()} `;
  expect(await resetUserTwoFactor(source(), { email }, people.deps)).toMatchObject({ email: person.email });
  const missing = resetUserTwoFactor(source(), { email: "none@people.example" }, people.deps);
  await expect(missing).rejects.toMatchObject({ code: "not_found" });
});

test("two-factor is required only by a person who has it, and then their last factor cannot be removed", async () => {
  const accountId = await people.addAccount({ name: "Safe" });
  const { ctx, person } = await people.addMember(accountId);
  await expect(setTwoFactorRule(ctx, { required: true })).rejects.toMatchObject({ code: "conflict" });
  const [first, second] = [await people.addPasskey(person.id), await people.addPasskey(person.id)];
  for (const _ of [0, 1]) await setTwoFactorRule(ctx, { required: true });
  expect(await people.listEventKinds(accountId)).toEqual(["account.twoFactorChanged"]);
  const remove = (passkeyId: string) =>
    removePasskey(ctx, { passkeyId, sessionId: person.sessionId }, people.deps);
  await remove(first);
  await expect(remove(second)).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("Safe requires two-factor"),
  });
  await addApp(person.id);
  await remove(second);
  expect(await database.db.passkey.count({ where: { userId: person.id } })).toBe(0);
});

test("of the last two passkeys removed at the same instant one stays where two-factor is required", async () => {
  const { ctx, person } = await people.addMember(await people.addAccount());
  const passkeys = [await people.addPasskey(person.id), await people.addPasskey(person.id)];
  await setTwoFactorRule(ctx, { required: true });
  const outcomes = await Promise.allSettled(
    passkeys.map((passkeyId) => removePasskey(ctx, { passkeyId, sessionId: undefined }, people.deps)),
  );
  const refused = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason.reason] : []));
  expect(refused).toEqual(["last_second_factor"]);
  expect(await database.db.passkey.count({ where: { userId: person.id } })).toBe(1);
});

test("removing the last passkey signs out everywhere else, and here it counts as one factor", async () => {
  const { ctx, person } = await people.addMember(await people.addAccount());
  const passkeyId = await people.addPasskey(person.id);
  await people.addSession(person.id, { signedInBy: "passkey" });
  const where = { id: person.sessionId };
  await database.db.session.update({ where, data: { signedInBy: "passkey" } });
  await removePasskey(ctx, { passkeyId, sessionId: person.sessionId }, people.deps);
  const left = await database.db.session.findMany({ where: { userId: person.id } });
  expect(left.map(({ id, signedInBy }) => [id, signedInBy])).toEqual([[person.sessionId, "password"]]);
  expect(people.mails.at(-1)).toMatchObject({ to: person.email, text: expect.stringContaining("Laptop") });
});

test("another person's passkey is neither renamed nor removed", async () => {
  const { ctx, person } = await people.addMember(await people.addAccount());
  const other = await people.addPerson("Bob");
  const passkeyId = await people.addPasskey(other.id);
  const own = await people.addPasskey(person.id);
  const wish = { passkeyId, sessionId: person.sessionId };
  await expect(removePasskey(ctx, wish, people.deps)).rejects.toMatchObject({ code: "not_found" });
  await expect(renamePasskey(ctx, { passkeyId, name: "Mine" })).rejects.toMatchObject({ code: "not_found" });
  await renamePasskey(ctx, { passkeyId: own, name: "Phone" });
  const rows = await database.db.passkey.findMany({ where: { id: { in: [passkeyId, own] } } });
  expect(rows.map(({ name }) => name).toSorted()).toEqual(["Laptop", "Phone"]);
});
