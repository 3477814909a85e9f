import type { Role } from "@waxseal/contract";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import type { HttpsAnswer } from "@waxseal/probes";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestPeople, type TestPeople } from "../../testing/create-test-people.ts";
import { createTestDomain } from "../../testing/create-test-report.ts";
import { inviteMember } from "../accounts/invite-member.ts";
import { revokeInvitation } from "../accounts/revoke-invitation.ts";
import type { Context } from "../context.ts";
import { createSecretBox } from "../secret-box.ts";
import { admitPerson } from "./admit-person.ts";
import { findSsoFor } from "./find-sso.ts";
import { getSso } from "./get-sso.ts";
import type { Identity } from "./read-identity.ts";
import { recordSsoProblem } from "./record-sso-problem.ts";
import { removeSso } from "./remove-sso.ts";
import { setSso } from "./set-sso.ts";
import { SsoProblem } from "./sso-problem.ts";

const secretBox = createSecretBox(`k:${Buffer.alloc(32, 5).toString("base64url")}`);
let database: TestDatabase;
let people: TestPeople;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  people = createTestPeople(database.db);
});
afterAll(() => database.drop());

const source = () => ({ db: database.db, now: people.now });
let subjects = 0;
const identityOf = (email: string, change: Partial<Identity> = {}): Identity => ({
  subject: `s-${subjects++}`,
  email,
  name: "Ann Lee",
  ...change,
});
const admit = (accountId: string, identity: Identity) => admitPerson(source(), { accountId, identity });
const roleIn = async (organizationId: string, userId: string) =>
  (await database.db.member.findFirst({ where: { organizationId, userId } }))?.role;
let guests = 0;

/** An account that has invited an address; the person need not exist. */
async function invite(role: Role = "editor", email = `guest${guests++}@example.com`) {
  const { ctx } = await people.addMember(await people.addAccount());
  const { id: invitationId } = await inviteMember(ctx, { email, role }, people.deps);
  return { ctx, accountId: ctx.accountId, email, invitationId };
}

test("an invited person without a sign-in gets one, with the role that was offered, and without a password", async () => {
  const { accountId, email, invitationId } = await invite("admin");
  const user = await admit(accountId, identityOf(email));
  expect(user).toMatchObject({ email, name: "Ann Lee", emailVerified: true });
  expect(await roleIn(accountId, user.id)).toBe("admin");
  expect(await database.db.credential.count({ where: { userId: user.id } })).toBe(0);
  const invitation = await database.db.invitation.findUniqueOrThrow({ where: { id: invitationId } });
  expect(invitation.status).toBe("accepted");
  expect((await people.listEventKinds(accountId)).at(-1)).toBe("member.joined");
});

test.each([
  [undefined, "guest-name"],
  ["Ann\u202e\u0007 Lee", "Ann Lee"],
  ["n".repeat(101), "guest-name"],
])("the name %j of the provider becomes one line of at most 100 characters", async (name, expected) => {
  const { accountId } = await invite();
  const { ctx } = await people.addMember(accountId);
  const email = `guest-name@n${guests++}.example`;
  await inviteMember(ctx, { email, role: "viewer" }, people.deps);
  expect((await admit(accountId, identityOf(email, { name }))).name).toBe(expected);
});

test("a member is known by their subject from then on, whatever address the provider sends", async () => {
  const accountId = await people.addAccount();
  const { person } = await people.addMember(accountId, "viewer");
  const first = identityOf(person.email);
  expect((await admit(accountId, first)).id).toBe(person.id);
  const moved = await admit(accountId, { ...first, email: "renamed@example.com" });
  expect([moved.id, moved.email]).toEqual([person.id, person.email]);
  expect(await roleIn(accountId, person.id)).toBe("viewer");
});

test("OpenID Connect Core §5.7: another subject with the address of a known one is another person", async () => {
  const accountId = await people.addAccount();
  const { person } = await people.addMember(accountId, "owner");
  await admit(accountId, identityOf(person.email));
  await expect(admit(accountId, identityOf(person.email))).rejects.toMatchObject({
    code: "forbidden",
    ssoCode: "S-41",
  });
});

test("a stranger and a person of another account are refused, and no sign-in is created for them", async () => {
  const accountId = await people.addAccount();
  const { person } = await people.addMember(await people.addAccount());
  for (const email of ["stranger@example.com", person.email])
    await expect(admit(accountId, identityOf(email))).rejects.toMatchObject({ reason: "not_invited" });
  expect(await database.db.user.count({ where: { email: "stranger@example.com" } })).toBe(0);
  expect(await database.db.ssoIdentity.count({ where: { accountId } })).toBe(0);
});

test.each([
  [
    "revoked",
    async ({ ctx, invitationId }: Awaited<ReturnType<typeof invite>>) =>
      revokeInvitation(ctx, { invitationId }),
  ],
  [
    "expired",
    async ({ invitationId: id }: Awaited<ReturnType<typeof invite>>) =>
      database.db.invitation.update({ where: { id }, data: { expiresAt: people.now() } }),
  ],
] as const)("an invitation that is %s admits no one", async (_what, end) => {
  const invited = await invite();
  await end(invited);
  await expect(admit(invited.accountId, identityOf(invited.email))).rejects.toMatchObject({
    code: "forbidden",
  });
});

test("an invitation to another account of the same address admits to that account only", async () => {
  const { email, accountId } = await invite("viewer");
  const other = await people.addAccount();
  await expect(admit(other, identityOf(email))).rejects.toMatchObject({ code: "forbidden" });
  expect(await roleIn(accountId, (await admit(accountId, identityOf(email))).id)).toBe("viewer");
});

test("two first sign-ins at the same instant make one person and one membership", async () => {
  const { accountId, email } = await invite();
  const identity = identityOf(email);
  const outcomes = await Promise.allSettled([1, 2, 3].map(() => admit(accountId, identity)));
  const codes = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason.code] : []));
  expect(codes.filter((code) => code !== "conflict")).toEqual([]);
  expect(await database.db.user.count({ where: { email } })).toBe(1);
  expect(await database.db.member.count({ where: { organizationId: accountId, user: { email } } })).toBe(1);
});

test("at most 30 failures of an account's sign-in are logged at once, with code and detail", async () => {
  const accountId = await people.addAccount();
  const other = await people.addAccount();
  const problem = new SsoProblem("clock", "Its token expires too early.");
  for (let times = 0; times < 32; times++) await recordSsoProblem(source(), accountId, problem);
  await recordSsoProblem(source(), other, problem);
  const events = await database.db.event.findMany({ where: { accountId } });
  expect(events).toHaveLength(30);
  expect(events[0]).toMatchObject({ kind: "sso.failed", data: { code: "S-22", detail: problem.message } });
  expect(await people.listEventKinds(other)).toEqual(["sso.failed"]);
});

/** A provider that names itself as it is asked. */
const deps = {
  secretBox,
  client: {
    send: async ({ url }: { url: string }): Promise<HttpsAnswer> => {
      const issuer = url.replace("/.well-known/openid-configuration", "");
      const places = {
        authorization_endpoint: `${issuer}/a`,
        token_endpoint: `${issuer}/t`,
        jwks_uri: `${issuer}/k`,
      };
      const body = JSON.stringify({ issuer, ...places });
      return { status: 200, body, bodyBytes: body.length, headers: {} };
    },
  },
};
const WISH = { issuer: "login.example.com", clientId: "c-1", clientSecret: "very-secret", isRequired: false };

/** An owner whose account has proven a domain. */
async function startProven() {
  const { ctx, person } = await people.addMember(await people.addAccount());
  const domain = `proven${guests++}.example`;
  const { domainId } = await createTestDomain(ctx, domain);
  await database.db.domainClaim.create({
    data: { domain, accountId: ctx.accountId, domainId, claimedAt: people.now() },
  });
  return { ctx, person, domain };
}
const set = (ctx: Context, domains: string[], change: object = {}) =>
  setSso(ctx, { ...WISH, domains, ...change }, deps);
const rowOf = (accountId: string) => database.db.accountSso.findUniqueOrThrow({ where: { accountId } });

test("single sign-on keeps the secret sealed, and neither its view nor the log has it", async () => {
  const { ctx, domain } = await startProven();
  await set(ctx, [domain.toUpperCase(), domain]);
  const row = await rowOf(ctx.accountId);
  expect(row).toMatchObject({ issuer: "https://login.example.com", domains: [domain], isRequired: false });
  expect(await secretBox.open(row.clientSecretJwe)).toBe("very-secret");
  const view = await getSso(ctx, { publicUrl: "https://waxseal.example" });
  expect(view).toMatchObject({
    redirectUri: "https://waxseal.example/sign-in/sso",
    sso: { clientId: "c-1", domains: [{ domain, isProven: true }] },
  });
  const events = await database.db.event.findMany({ where: { accountId: ctx.accountId } });
  expect(events.map(({ data }) => Object(data).hasNewSecret)).toEqual([true]);
  expect(JSON.stringify([view, events.map(({ data }) => data)])).not.toMatch(/very-secret|eyJ/);
});

test("only domains that the account has proven by DNS are taken", async () => {
  const [mine, theirs] = [await startProven(), await startProven()];
  const refusal = await set(mine.ctx, [mine.domain, theirs.domain, "not a domain", "unproven.example"]).catch(
    (error) => error,
  );
  expect(refusal).toMatchObject({ code: "invalid" });
  expect(refusal.fields.map(({ path }: { path: string }) => path)).toEqual([
    "domains.2",
    "domains",
    "domains",
  ]);
  expect(await database.db.accountSso.count({ where: { accountId: mine.ctx.accountId } })).toBe(0);
});

test.each([
  ["the same client", true, {}],
  ["the same issuer, written otherwise", true, { issuer: "https://login.example.com/" }],
  ["another client", false, { clientId: "c-2" }],
  ["another issuer", false, { issuer: "evil.example" }],
] as const)("without a new secret the stored one is used for %s: %s", async (_what, isKept, change) => {
  const { ctx, domain } = await startProven();
  await set(ctx, [domain]);
  const before = await rowOf(ctx.accountId);
  const again = set(ctx, [domain], { ...change, clientSecret: undefined });
  if (isKept) await again;
  else await expect(again).rejects.toMatchObject({ code: "invalid", fields: [{ path: "clientSecret" }] });
  expect((await rowOf(ctx.accountId)).clientSecretJwe).toBe(before.clientSecretJwe);
});

test("another issuer signs out all who came by the old one, and its subjects are forgotten", async () => {
  const { ctx, person, domain } = await startProven();
  await set(ctx, [domain]);
  const identity = identityOf(person.email);
  await admit(ctx.accountId, identity);
  const ssoSession = await people.addSession(person.id, { ssoAccountId: ctx.accountId });
  const countLeft = async () => [
    await database.db.ssoIdentity.count({ where: { accountId: ctx.accountId } }),
    await database.db.session.count({ where: { id: { in: [ssoSession, person.sessionId] } } }),
  ];
  await set(ctx, [domain], { isRequired: true, clientSecret: undefined });
  expect(await countLeft()).toEqual([1, 2]);
  await set(ctx, [domain], { issuer: "other.example" });
  expect(await countLeft()).toEqual([0, 1]);
});

test("removing single sign-on ends its sessions and no others, and is logged with what it was", async () => {
  const { ctx, person, domain } = await startProven();
  await set(ctx, [domain]);
  await admit(ctx.accountId, identityOf(person.email));
  const ssoSession = await people.addSession(person.id, { ssoAccountId: ctx.accountId });
  await removeSso(ctx);
  expect(await database.db.session.findUnique({ where: { id: ssoSession } })).toBeNull();
  expect(await database.db.session.findUnique({ where: { id: person.sessionId } })).not.toBeNull();
  expect(await database.db.ssoIdentity.count({ where: { accountId: ctx.accountId } })).toBe(0);
  await expect(removeSso(ctx)).rejects.toMatchObject({ code: "not_found" });
  expect((await people.listEventKinds(ctx.accountId)).at(-1)).toBe("sso.removed");
});

test("an address is taken by the account that has proven its domain and names it", async () => {
  const { ctx, domain } = await startProven();
  const find = async (email: string) => (await findSsoFor(database.db, email))?.accountId;
  expect(await find(`ann@${domain}`)).toBeUndefined();
  await set(ctx, [domain]);
  expect(await find(`Ann@${domain.toUpperCase()}`)).toBe(ctx.accountId);
  for (const email of [`ann@sub.${domain}`, `ann@${domain}.evil.example`, `"x@${domain}"@evil.example`, ""])
    expect(await find(email)).toBeUndefined();
  // Proven too, but not named.
  const { domainId } = await createTestDomain(ctx, `second.${domain}`);
  const claim = { domain: `second.${domain}`, accountId: ctx.accountId, domainId, claimedAt: people.now() };
  await database.db.domainClaim.create({ data: claim });
  expect(await find(`ann@second.${domain}`)).toBeUndefined();
  // The domain was proven by another account since.
  const other = await people.addAccount();
  await database.db.domainClaim.update({ where: { domain }, data: { accountId: other } });
  expect(await find(`ann@${domain}`)).toBeUndefined();
  expect((await getSso(ctx, { publicUrl: "" })).sso?.domains).toEqual([{ domain, isProven: false }]);
});

test.each(["admin", "editor", "viewer"] as const)(
  "a member with the role %s neither sees nor changes it",
  async (role) => {
    const { ctx } = await people.addMember(await people.addAccount(), role);
    const refusal = { code: "forbidden", lacking: { permission: "sso.manage" } };
    await expect(set(ctx, [])).rejects.toMatchObject(refusal);
    await expect(removeSso(ctx)).rejects.toMatchObject(refusal);
    await expect(getSso(ctx, { publicUrl: "" })).rejects.toMatchObject(refusal);
  },
);

test("an invitation admits until the last millisecond of its seven days", async () => {
  const { accountId, email } = await invite();
  people.wait(7 * DAY_MS - 1);
  expect(await admit(accountId, identityOf(email))).toMatchObject({ email });
});
