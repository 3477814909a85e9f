import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestPeople, type TestPeople } from "../../testing/create-test-people.ts";
import { inviteMember } from "./invite-member.ts";
import { revokeInvitation } from "./revoke-invitation.ts";
import {
  explainSignUpRefusal,
  formatSignUpRule,
  getSignUpRule,
  readSignUpRule,
  type SignUpRule,
  setSignUpRule,
} from "./sign-up-rule.ts";

let database: TestDatabase;
let people: TestPeople;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  people = createTestPeople(database.db);
});
afterAll(() => database.drop());

const domains = (...names: string[]): SignUpRule => ({ kind: "domains", domains: names });

test.each<[string, SignUpRule]>([
  ["open", { kind: "open" }],
  ["  OPEN ", { kind: "open" }],
  ["invitation", { kind: "invitation" }],
  ["closed", { kind: "closed" }],
  ["example.com", domains("example.com")],
  ["@example.com", domains("example.com")],
  ["Example.COM, @example.net ,a.b.example.org", domains("example.com", "example.net", "a.b.example.org")],
  ["xn--bcher-kva.example", domains("xn--bcher-kva.example")],
])("the rule %j is read, and written in a form that is read as the same", (text, rule) => {
  expect(readSignUpRule(text)).toEqual(rule);
  expect(readSignUpRule(formatSignUpRule(rule))).toEqual(rule);
});

test.each([
  "",
  "anyone",
  "localhost",
  "example.com,",
  "a@example.com",
  "-x.example",
  "example..com",
  "*.example.com",
])("the rule %j is refused, so that a typing mistake opens nothing", (text) => {
  expect(() => readSignUpRule(text)).toThrow(expect.objectContaining({ code: "invalid" }));
});

test("the rule set by command wins over the settings until it is taken back", async () => {
  const fallback: SignUpRule = { kind: "closed" };
  expect(await getSignUpRule(database.db, fallback)).toEqual(fallback);
  await setSignUpRule(database.db, domains("example.com", "example.net"));
  expect(await getSignUpRule(database.db, fallback)).toEqual(domains("example.com", "example.net"));
  await setSignUpRule(database.db, { kind: "open" });
  expect(await getSignUpRule(database.db, fallback)).toEqual({ kind: "open" });
  for (const _ of [0, 1]) await setSignUpRule(database.db, undefined);
  expect(await getSignUpRule(database.db, fallback)).toEqual(fallback);
});

const explain = (rule: SignUpRule, email: string, next?: string) =>
  explainSignUpRefusal({ db: database.db, now: people.now }, rule, { email, next });

test.each([
  ["ann@example.com", true],
  ["ann@example.net", true],
  ["ann@sub.example.com", false],
  ["ann@notexample.com", false],
  ["ann@example.com.evil.example", false],
  ['"x@example.com"@evil.example', false],
  ['"x@evil.example"@example.com', true],
  ["", false],
])("with the rule example.com, example.net the address %j may sign up: %s", async (email, isAllowed) => {
  const refusal = await explain(domains("example.com", "example.net"), email);
  expect(refusal === undefined).toBe(isAllowed);
  if (!isAllowed) expect(refusal).toContain("example.com or example.net");
});

async function invite() {
  const { ctx } = await people.addMember(await people.addAccount());
  const email = `${ctx.accountId}@guests.example`;
  const { id: invitationId } = await inviteMember(ctx, { email, role: "viewer" }, people.deps);
  return { ctx, email, invitationId, next: `/invitations/${people.findMailedToken(email)}` };
}

test.each<[string, boolean, SignUpRule]>([
  ["open", true, { kind: "open" }],
  ["invitation", true, { kind: "invitation" }],
  ["domains", true, domains("example.com")],
  ["closed", false, { kind: "closed" }],
])("with the rule %s the holder of an invitation may sign up: %s", async (_name, isAllowed, rule) => {
  const { email, next } = await invite();
  expect((await explain(rule, email, next)) === undefined).toBe(isAllowed);
  expect((await explain(rule, email, `${next}?from=mail`)) === undefined).toBe(isAllowed);
});

test("the token of an invitation counts only with the address it was sent to, until it expires or is revoked", async () => {
  const rule: SignUpRule = { kind: "invitation" };
  const { email, next, ctx, invitationId } = await invite();
  expect(await explain(rule, email, next)).toBeUndefined();
  const refused = await explain(rule, email);
  expect(refused).toContain("You need an invitation");
  // One answer to all, so that a stranger does not learn who is invited.
  for (const [address, path] of [
    ["eve@guests.example", next],
    [email, "/invitations/wrong"],
    [email, "/invitations/"],
    [email, `https://evil.example${next}`],
    [email, "/"],
  ] as const)
    expect(await explain(rule, address, path)).toBe(refused);
  const later = await invite();
  people.wait(7 * DAY_MS);
  expect(await explain(rule, later.email, later.next)).toBe(refused);
  await revokeInvitation(ctx, { invitationId }).catch(() => undefined);
  const revoked = await invite();
  await revokeInvitation(revoked.ctx, { invitationId: revoked.invitationId });
  expect(await explain(rule, revoked.email, revoked.next)).toBe(refused);
});
