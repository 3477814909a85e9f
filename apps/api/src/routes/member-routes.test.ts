import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { keepCookies } from "../../testing/start-sso-scene.ts";
import { startTestApi, type TestApi } from "../../testing/start-test-api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"));
});
afterAll(() => api.stop());

async function membersOf(cookie: string): Promise<{ id: string; email: string; role: string }[]> {
  return Object((await api.ask("GET", "/api/v1/members", { cookie })).json).items;
}

test("an invited viewer joins by the mailed link, may look and change nothing, and is gone when removed", async () => {
  const { accountId } = await api.newAccount("Inviting");
  const owner = await api.signInAs(accountId, "owner");
  const email = "guest@people.example";
  const invited = await api.ask("POST", "/api/v1/invitations", { cookie: owner, body: { email } });
  expect([invited.status, Object(invited.json).role]).toEqual([201, "viewer"]);
  await expect.poll(() => api.mails.list(email).length).toBe(1);
  const mail = api.mails.list(email)[0]?.text ?? "";
  const token = /\/invitations\/(\S+)/.exec(mail)?.[1] ?? "";
  const link = await api.ask("GET", `/api/v1/invitation-links/${token}`);
  expect(link.json).toMatchObject({ accountName: "Inviting", email, role: "viewer" });

  const { accountId: elsewhere } = await api.newAccount("Elsewhere");
  const stranger = await api.signInAs(elsewhere, "owner");
  const accept = (cookie: string) => api.ask("POST", `/api/v1/invitation-links/${token}/accept`, { cookie });
  expect((await accept(stranger)).status).toBe(403);

  const guest = await api.signInAs(elsewhere, "viewer", email);
  expect((await accept(guest)).status).toBe(200);
  expect((await accept(guest)).status).toBe(404);
  expect((await api.ask("GET", "/api/v1/me", { cookie: guest })).json).toMatchObject({
    account: { id: accountId, role: "viewer" },
  });
  const body = { domain: "guest.example" };
  expect((await api.ask("POST", "/api/v1/domains", { cookie: guest, account: accountId, body })).status).toBe(
    403,
  );
  expect((await api.ask("GET", "/api/v1/domains", { cookie: guest })).status).toBe(200);

  const member = (await membersOf(owner)).find((item) => item.email === email);
  expect((await api.ask("DELETE", `/api/v1/members/${member?.id}`, { cookie: owner })).status).toBe(204);
  const gone = await api.ask("GET", "/api/v1/me", { cookie: guest, account: accountId });
  expect([gone.status, Object(gone.json).code]).toEqual([403, "no_account"]);
  expect(Object(gone.json).detail).toMatch(/^\S+ removed you from Inviting on \d+ \w+ 20/);
  const person = await api.ask("GET", "/api/v1/me/person", { cookie: guest });
  expect(person.json).toMatchObject({
    accounts: [{ id: elsewhere }],
    departures: [{ accountId, accountName: "Inviting", reason: "removed" }],
  });
  expect((await api.ask("GET", "/api/v1/me", { cookie: guest })).json).toMatchObject({
    account: { id: elsewhere },
  });
  const events = await api.ask("GET", "/api/v1/events?kind=member", { cookie: owner });
  expect(Object(events.json).items.map(({ text }: { text: string }) => text)).toEqual([
    `Member ${email} was removed.`,
    `New member ${email} joined as viewer.`,
    `Invited ${email} as viewer.`,
  ]);
});

test("a revoked invitation cannot be accepted", async () => {
  const { accountId } = await api.newAccount("Revoking");
  const owner = await api.signInAs(accountId, "owner");
  const body = { email: "late@people.example", role: "admin" };
  const { id } = Object((await api.ask("POST", "/api/v1/invitations", { cookie: owner, body })).json);
  await expect.poll(() => api.mails.list(body.email).length).toBe(1);
  expect((await api.ask("DELETE", `/api/v1/invitations/${id}`, { cookie: owner })).status).toBe(204);
  expect((await api.ask("DELETE", `/api/v1/invitations/${id}`, { cookie: owner })).status).toBe(404);
  const { accountId: elsewhere } = await api.newAccount("Home");
  const late = await api.signInAs(elsewhere, "owner", body.email);
  const token = /\/invitations\/(\S+)/.exec(api.mails.list(body.email)[0]?.text ?? "")?.[1] ?? "";
  const accepted = await api.ask("POST", `/api/v1/invitation-links/${token}/accept`, { cookie: late });
  expect(accepted.status).toBe(404);
});

/** The path of the newest invitation mail to an address. */
async function invitationPath(email: string, mails = 1): Promise<string> {
  await expect.poll(() => api.mails.list(email).length).toBe(mails);
  return /(\/invitations\/\S+)/.exec(api.mails.list(email)[0]?.text ?? "")?.[1] ?? "";
}

const readLink = (path: string) => api.ask("GET", `/api/v1/invitation-links/${path.split("/")[2]}`);

test("an invited person who signs up gets no account of their own, and starts in the one they joined ever after", async () => {
  const { accountId } = await api.newAccount("Joined");
  const owner = await api.signInAs(accountId, "owner");
  const email = "newcomer@people.example";
  await api.ask("POST", "/api/v1/invitations", { cookie: owner, body: { email } });
  const path = await invitationPath(email);
  const password = "a long enough password";
  const form = { name: "Nora", email, password, callbackURL: path };
  const signedUp = await api.ask("POST", "/api/auth/sign-up/email", { body: form });
  await expect.poll(() => api.mails.list(email).length).toBe(2);
  const link = /(\/api\/auth\/verify-email\S+)/.exec(api.mails.list(email)[0]?.text ?? "")?.[1] ?? "";
  const confirmed = await api.ask("GET", link, { cookie: keepCookies("", signedUp.headers) });
  const cookie = keepCookies("", confirmed.headers);
  const none = await api.ask("GET", "/api/v1/me", { cookie });
  expect([none.status, Object(none.json).code]).toEqual([403, "no_account"]);
  const waiting = await api.ask("GET", "/api/v1/me/person", { cookie });
  expect(waiting.json).toMatchObject({ accounts: [], invitations: [{ accountName: "Joined" }] });
  await api.ask("POST", `/api/v1/invitation-links/${path.split("/")[2]}/accept`, { cookie });
  const again = await api.ask("POST", "/api/auth/sign-in/email", { body: { email, password } });
  const me = await api.ask("GET", "/api/v1/me", { cookie: keepCookies("", again.headers) });
  expect(me.json).toMatchObject({ account: { id: accountId }, accounts: [{ id: accountId }] });
});

test("the link of an invitation that is void says why, and what to do, without a sign-in", async () => {
  const { accountId } = await api.newAccount("Bakery");
  const owner = await api.signInAs(accountId, "owner");
  const email = "void@people.example";
  const { id } = Object(
    (await api.ask("POST", "/api/v1/invitations", { cookie: owner, body: { email } })).json,
  );
  const path = await invitationPath(email);
  const where = { id };
  const said = async () => Object((await readLink(path)).json).detail;
  await api.db.invitation.update({ where, data: { expiresAt: new Date("2026-01-05T10:00:00Z") } });
  expect(await said()).toMatch(
    /^This invitation to Bakery expired on 5 Jan 2026, 10:00 UTC\. Ask .+@people.example\) for a new one\.$/,
  );
  await api.db.invitation.update({ where, data: { status: "canceled" } });
  expect(await said()).toMatch(/^This invitation to Bakery was revoked\. Ask /);
  await api.db.invitation.update({ where, data: { status: "accepted" } });
  expect((await readLink(path)).json).toMatchObject({ isAccepted: true, accountName: "Bakery" });
  expect((await readLink("/invitations/never-made")).json).toMatchObject({
    status: 404,
    detail: expect.stringMatching(/^This link is not valid, or a newer mail has replaced it\./),
  });
});

test("an expired invitation stays listed, and sending it again opens it for seven days by a new link only", async () => {
  const { accountId } = await api.newAccount("Patient");
  const owner = await api.signInAs(accountId, "owner");
  const email = "slow@people.example";
  const body = { email, role: "editor" };
  const { id } = Object((await api.ask("POST", "/api/v1/invitations", { cookie: owner, body })).json);
  const first = await invitationPath(email);
  await api.db.invitation.update({ where: { id }, data: { expiresAt: new Date(Date.now() - 86_400_000) } });
  const listed = async () => Object((await api.ask("GET", "/api/v1/invitations", { cookie: owner })).json);
  expect((await listed()).items).toMatchObject([{ id, isExpired: true }]);
  const again = await api.ask("POST", `/api/v1/invitations/${id}/resend`, { cookie: owner });
  expect([again.status, again.json]).toMatchObject([200, { id, role: "editor", isExpired: false }]);
  expect((await readLink(first)).status).toBe(404);
  expect((await readLink(await invitationPath(email, 2))).status).toBe(200);
  expect((await listed()).items).toMatchObject([{ id, isExpired: false }]);
});

test("no more than 300 invitations a day leave an account and its customers together, however they are revoked", async () => {
  const { accountId } = await api.newAccount("Mailing");
  const owner = await api.signInAs(accountId, "owner");
  const customer = await api.newAccount("Customer");
  await api.db.organization.update({ where: { id: customer.accountId }, data: { parentId: accountId } });
  const { id: inviterId } = await api.db.user.findFirstOrThrow();
  const made = Array.from({ length: 300 }, (_, n) => ({
    id: `made ${n}`,
    organizationId: n % 2 ? accountId : customer.accountId,
    email: `${n}@people.example`,
    status: "canceled",
    expiresAt: new Date(),
    inviterId,
  }));
  await api.db.invitation.createMany({ data: made });
  const body = { email: "victim@people.example" };
  const invite = () => api.ask("POST", "/api/v1/invitations", { cookie: owner, account: accountId, body });
  expect(Object((await invite()).json).code).toBe("limit_reached");
  await api.db.invitation.delete({ where: { id: "made 0" } });
  expect((await invite()).status).toBe(201);
});

test("the last owner cannot be removed, and only owners can change owners", async () => {
  const { accountId, key } = await api.newAccount("Owned");
  const owner = await api.signInAs(accountId, "owner");
  const admin = await api.signInAs(accountId, "admin");
  const members = await membersOf(owner);
  const ownerId = members.find(({ role }) => role === "owner")?.id ?? "";
  const adminId = members.find(({ role }) => role === "admin")?.id ?? "";
  const change = (id: string, role: string, who: { cookie?: string; key?: string }) =>
    api.ask("PUT", `/api/v1/members/${id}`, { ...who, body: { role } });

  expect((await change(ownerId, "viewer", { cookie: owner })).status).toBe(409);
  expect((await api.ask("DELETE", `/api/v1/members/${ownerId}`, { cookie: owner })).status).toBe(409);
  for (const who of [{ cookie: admin }, { key }]) {
    expect((await change(ownerId, "viewer", who)).status).toBe(403);
    expect((await change(adminId, "owner", who)).status).toBe(403);
    expect((await api.ask("DELETE", `/api/v1/members/${ownerId}`, who)).status).toBe(403);
    const body = { email: "second@people.example", role: "owner" };
    expect((await api.ask("POST", "/api/v1/invitations", { ...who, body })).status).toBe(403);
  }
  expect((await change(adminId, "owner", { cookie: owner })).status).toBe(200);
  expect((await api.ask("GET", "/api/v1/me", { cookie: admin })).status).toBe(401);
  expect((await change(ownerId, "editor", { cookie: owner })).status).toBe(200);
});

test("the audit log is filtered by who, what, domain and time", async () => {
  const { accountId, key } = await api.newAccount("Audited");
  const cookie = await api.signInAs(accountId, "editor");
  const added = await api.ask("POST", "/api/v1/domains", { cookie, body: { domain: "audited.example" } });
  const domainId = String(Object(added.json).id);
  const kinds = async (query: string) =>
    Object((await api.ask("GET", `/api/v1/events?${query}`, { key })).json).items.map(
      ({ kind }: { kind: string }) => kind,
    );
  expect(await kinds(`domainId=${domainId}&kind=domain.added`)).toEqual(["domain.added"]);
  expect(await kinds("actor=oper")).toEqual(["apiKey.created", "account.created"]);
  expect(await kinds("kind=apiKey")).toEqual(["apiKey.created"]);
  expect(await kinds("to=2020-01-01T00:00:00Z")).toEqual([]);
  expect((await kinds("from=2020-01-01T00:00:00Z")).length).toBeGreaterThan(2);
  expect((await api.ask("GET", "/api/v1/events?from=yesterday", { key })).status).toBe(422);
});
