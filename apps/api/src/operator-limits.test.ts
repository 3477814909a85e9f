import { createContext } from "@waxseal/core";
import {
  createApiKey,
  OPERATOR,
  readSignUpRule,
  resumeAccount,
  setAccountQuota,
  setSignUpRule,
  suspendAccount,
} from "@waxseal/core/accounts";
import { findAccountsOverReports, receiveReport } from "@waxseal/core/reports";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"));
});
afterAll(() => api.stop());

const now = () => new Date();
const problem = ({ status, json }: { status: number; json: unknown }) => [
  status,
  (json as { code?: string }).code,
  (json as { detail?: string }).detail,
];
const addDomain = (key: string, domain: string) =>
  api.ask("POST", "/api/v1/domains", { key, body: { domain } });

test("an account adds domains up to its quota, ten at once too, and reads who gives more", async () => {
  const { accountId, key } = await api.newAccount("Few domains");
  await setAccountQuota(api.db, accountId, { domains: 2 });
  const names = Array.from({ length: 10 }, (_, place) => `few${place}.example`);
  const answers = await Promise.all(names.map((name) => addDomain(key, name)));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
  const refused = answers.filter(({ status }) => status !== 201);
  const words = "This account may have 2 domains. Ask the operator of this service for more.";
  expect(refused.map(problem)).toEqual(Array(8).fill([429, "limit_reached", words]));
  // One that has left makes room, and comes back only where there is room.
  await api.db.domain.updateMany({ where: { accountId }, data: { status: "left" } });
  const again = (await api.db.domain.findFirstOrThrow({ where: { accountId } })).domain;
  expect((await addDomain(key, "new1.example")).status).toBe(201);
  expect((await addDomain(key, again)).status).toBe(201);
  expect((await addDomain(key, "new2.example")).status).toBe(429);
  await setAccountQuota(api.db, accountId, { domains: null });
  expect((await addDomain(key, "new2.example")).status).toBe(201);
});

test("members and open invitations together are within the quota, and no one joins beyond it", async () => {
  const { accountId } = await api.newAccount("Few members");
  const owner = await api.signInAs(accountId, "owner");
  await setAccountQuota(api.db, accountId, { members: 2 });
  const invite = (email: string) =>
    api.ask("POST", "/api/v1/invitations", {
      cookie: owner,
      account: accountId,
      body: { email, role: "viewer" },
    });
  expect((await invite("one@people.example")).status).toBe(201);
  const words =
    "This account may have 2 members, open invitations included. Ask the operator of this service for more.";
  expect(problem(await invite("two@people.example"))).toEqual([429, "limit_reached", words]);
  await expect.poll(() => api.mails.list("one@people.example").length).toBe(1);
  const token = /\/invitations\/([\w-]+)/.exec(api.mails.list("one@people.example")[0]?.text ?? "")?.[1];
  const { accountId: other } = await api.newAccount("Other");
  const invited = await api.signInAs(other, "viewer", "one@people.example");
  await setAccountQuota(api.db, accountId, { members: 1 });
  const accept = () => api.ask("POST", `/api/v1/invitation-links/${token}/accept`, { cookie: invited });
  expect((await accept()).status).toBe(429);
  await setAccountQuota(api.db, accountId, { members: 2 });
  expect((await accept()).status).toBeLessThan(300);
});

test("an account is over its reports of today when it has received as many, and the others are not", async () => {
  const { accountId, key } = await api.newAccount("Few reports");
  const { accountId: other } = await api.newAccount("Many reports");
  const added = (await addDomain(key, "reports.example")).json as { id: string; domain: string };
  const { token } = await api.db.domainToken.findFirstOrThrow({ where: { accountId } });
  const owners = [{ token, accountId, domainId: added.id, domain: added.domain }];
  const take = (receivedAt: Date) =>
    receiveReport(api.db, {
      ...{
        raw: Buffer.from(`{} ${receivedAt.getTime()}`),
        transport: "https",
        remoteAddress: "192.0.2.1",
        owners,
      },
      ...{ envelopeFrom: null, contentType: "application/tlsrpt+json", receivedAt },
    });
  const over = async () => [...(await findAccountsOverReports(api.db, [accountId, other], now()))];
  expect(await over()).toEqual([]);
  await setAccountQuota(api.db, accountId, { reportsADay: 2 });
  await take(new Date(now().getTime() - 2 * 86_400_000));
  await take(now());
  expect(await over()).toEqual([]);
  await take(now());
  expect(await over()).toEqual([accountId]);
});

test("no one works in a suspended account, nor its provider's people or keys, while its domains stay as they are; resuming ends it", async () => {
  const { accountId, key } = await api.newAccount("Suspended");
  const { accountId: ownId } = await api.newAccount("Own");
  const cookie = await api.signInAs(accountId, "owner");
  const userId = (await api.db.member.findFirstOrThrow({ where: { organizationId: accountId } })).userId;
  await api.db.member.create({
    data: { id: "second", organizationId: ownId, userId, role: "owner", createdAt: now() },
  });
  const customerId = "customer-of-suspended";
  await api.db.organization.create({
    data: { id: customerId, name: "Customer", slug: customerId, parentId: accountId },
  });
  const customer = createContext({ db: api.db, now }, customerId, OPERATOR);
  const { key: customerKey } = await createApiKey(customer, { name: "own" });
  const list = (options: object) => api.ask("GET", "/api/v1/domains", options);
  await addDomain(key, "suspended.example");
  const before = await api.db.domain.findMany({ where: { accountId } });
  await suspendAccount({ db: api.db, now }, accountId, "The invoice of May is not paid.");
  const words =
    "The account Suspended is suspended. Its policies are still served. Ask the operator of this service. Reason: The invoice of May is not paid.";
  for (const who of [
    { key },
    { cookie, account: accountId },
    { key, account: customerId },
    { cookie, account: customerId },
  ])
    expect(problem(await list(who))).toEqual([403, "forbidden", words]);
  // Other accounts of the same person, and the customer's own key, go on.
  expect((await list({ cookie, account: ownId })).status).toBe(200);
  expect((await list({ key: customerKey })).status).toBe(200);
  expect(await api.db.domain.findMany({ where: { accountId } })).toEqual(before);
  await resumeAccount(api.db, accountId);
  expect((await list({ key })).status).toBe(200);
  await expect(resumeAccount(api.db, accountId)).rejects.toMatchObject({ code: "conflict" });
});

test("sign-up is open, by invitation, by mail domain or closed, and says so the same to strangers whatever an address is", async () => {
  const { accountId } = await api.newAccount("Inviting");
  const owner = await api.signInAs(accountId, "owner", "taken@people.example");
  const invite = { email: "invited@people.example", role: "viewer" };
  await api.ask("POST", "/api/v1/invitations", { cookie: owner, account: accountId, body: invite });
  await expect.poll(() => api.mails.list("invited@people.example").length).toBe(1);
  const link = /(\/invitations\/[\w-]+)/.exec(api.mails.list("invited@people.example")[0]?.text ?? "")?.[1];
  const signUp = async (email: string, callbackURL?: string) => {
    const body = {
      name: "Ann",
      email,
      password: "a long enough password",
      ...(callbackURL && { callbackURL }),
    };
    const { status, json } = await api.ask("POST", "/api/auth/sign-up/email", { body });
    return status === 200 ? 200 : [status, (json as { message: string }).message];
  };
  const set = (text: string) => setSignUpRule(api.db, readSignUpRule(text));
  const shown = async () => (await api.ask("GET", "/api/v1/sign-up")).json;
  expect(await signUp("anyone@people.example")).toBe(200);
  expect(await shown()).toEqual({ rule: "open", domains: [] });

  await set("invitation");
  expect(await shown()).toEqual({ rule: "invitation", domains: [] });
  const needsOne = [403, expect.stringMatching(/^You need an invitation/)];
  for (const email of ["taken@people.example", "free@people.example", "invited@people.example"])
    expect(await signUp(email)).toEqual(needsOne);
  expect(await signUp("free@people.example", link)).toEqual(needsOne);
  expect(await signUp("invited@people.example", "/invitations/guessed")).toEqual(needsOne);
  expect(await signUp("invited@people.example", link)).toBe(200);

  await set("@company.example, company.test");
  expect(await shown()).toEqual({ rule: "domains", domains: ["company.example", "company.test"] });
  expect(await signUp("ann@Company.example")).toBe(200);
  const atOne = [403, expect.stringMatching(/^Sign up with an address at company.example or company.test/)];
  for (const email of ["ann@sub.company.example", "company.example@people.example", "taken@people.example"])
    expect(await signUp(email)).toEqual(atOne);
  expect(await signUp("invited@people.example", link)).toBe(200);

  await set("closed");
  expect(await shown()).toEqual({ rule: "closed", domains: [] });
  expect(await signUp("invited@people.example", link)).toEqual([
    403,
    expect.stringMatching(/^New people cannot/),
  ]);
  await setSignUpRule(api.db, undefined);
  expect(await signUp("anyone@people.example")).toBe(200);
  for (const wrong of ["", "public", "example", "example.com,", "-x.example"])
    expect(() => readSignUpRule(wrong)).toThrow(/^Say open/);
});
