import { afterAll, beforeAll, expect, inject, test } from "vitest";
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
  expect((await api.ask("GET", "/api/v1/me", { cookie: guest })).status).toBe(401);
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

test("the last owner stays, and only an owner touches an owner", async () => {
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
