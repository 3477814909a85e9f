import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestAccount, createTestDomain } from "../../testing/create-test-report.ts";
import { createApiKey } from "../accounts/create-api-key.ts";
import { createCustomer } from "../accounts/create-customer.ts";
import { ensureOwnAccount } from "../accounts/ensure-own-account.ts";
import { inviteMember } from "../accounts/invite-member.ts";
import type { Context } from "../context.ts";
import { shareDomain } from "../domain-views/share-domain.ts";
import { saveFilter } from "../domains/save-filter.ts";
import { tagDomains } from "../domains/tag-domains.ts";
import { createInstructionSheet } from "../instructions/create-instruction-sheet.ts";
import { receiveOperatorMail } from "../mail/receive-operator-mail.ts";
import { addDomain } from "../onboarding/add-domain.ts";
import { preparePolicyChange } from "../policy-changes/prepare-policy-change.ts";
import type { TokenOwner } from "../reports/arriving/find-token-owners.ts";

const now = () => new Date("2026-03-15T06:00:00Z");
const at = now();
const AT_ONCE = 10;
const FREE = 5;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

const settings = {
  hostedZone: "hosted.example",
  reportsDomain: "reports.example",
  reportsHost: "reports.hosted.example",
  policyAddresses: ["192.0.2.1"],
  nameservers: ["ns1.hosted.example"],
  caaIdentities: [],
};
const mailDeps = { publicUrl: "https://waxseal.example", settings, queueMail: async () => undefined };
const times = <T>(count: number, make: (place: number) => T): T[] =>
  Array.from({ length: count }, (_, place) => make(place));

/** A limit: how many there may be, what makes `used` of them, and what then makes one more. */
type Limit = {
  name: string;
  most: number;
  start(ctx: Context, used: number): Promise<(place: number) => Promise<unknown>>;
  count(ctx: Context): Promise<number>;
};

const own = ({ accountId }: Context) => ({ where: { accountId } });
const base = ({ accountId }: Context) => ({ accountId, createdAt: at, createdBy: "test" });

async function addCustomers(ctx: Context, count: number): Promise<Context[]> {
  const rows = times(count, () => {
    const id = randomUUID();
    return { id, slug: id, name: id, parentId: ctx.accountId };
  });
  await database.db.organization.createMany({ data: rows });
  return rows.map(({ id }) => ({ ...ctx, accountId: id }));
}

async function addInvitations(ctx: Context, count: number, status: string): Promise<void> {
  await database.db.invitation.createMany({
    data: times(count, () => ({
      id: randomUUID(),
      organizationId: ctx.accountId,
      email: `${randomUUID()}@people.example`,
      status,
      createdAt: at,
      expiresAt: new Date(at.getTime() + 86_400_000),
    })),
  });
}

async function addSheets(ctx: Context, count: number, change: { mailedTo?: string; createdAt?: Date }) {
  const expiresAt = new Date(at.getTime() + 86_400_000);
  await database.db.instructionSheet.createMany({
    data: times(count, () => ({
      ...base(ctx),
      tokenHash: randomUUID(),
      missingOnly: true,
      expiresAt,
      ...change,
    })),
  });
}

const invite = (ctx: Context) =>
  inviteMember(ctx, { email: `${randomUUID()}@people.example`, role: "viewer" }, mailDeps);
const mailSheet = (ctx: Context) =>
  createInstructionSheet(
    ctx,
    { only: "missing", expiresInDays: 1, mailTo: `${randomUUID()}@people.example` },
    mailDeps,
  );
const withCustomers = ({ accountId }: Context) => ({
  OR: [{ id: accountId }, { parentId: accountId }],
});
const familyIds = async (ctx: Context) =>
  (await database.db.organization.findMany({ where: withCustomers(ctx) })).map(({ id }) => id);

const LIMITS: Limit[] = [
  {
    name: "API keys of an account",
    most: 100,
    start: async (ctx, used) => {
      const data = times(used, () => ({ id: randomUUID(), key: randomUUID(), referenceId: ctx.accountId }));
      await database.db.apikey.createMany({ data });
      return (place) => createApiKey(ctx, { name: `Key ${place}` });
    },
    count: ({ accountId }) => database.db.apikey.count({ where: { referenceId: accountId } }),
  },
  {
    name: "customers of an account",
    most: 2_000,
    start: async (ctx, used) => {
      await addCustomers(ctx, used);
      return (place) => createCustomer(ctx, { name: `Customer ${place}` });
    },
    count: ({ accountId }) => database.db.organization.count({ where: { parentId: accountId } }),
  },
  {
    name: "domains of an account",
    most: 10_000,
    start: async (ctx, used) => {
      await database.db.$executeRaw`
        insert into domain (account_id, id, domain, token, created_at)
        select ${ctx.accountId}, gen_random_uuid(), 'd' || n || '.example', gen_random_uuid()::text, ${at}
        from generate_series(1, ${used}::int) n`;
      const deps = { settings, lookUpMx: async () => [] };
      return (place) => addDomain(ctx, { domain: `new${place}.example` }, deps);
    },
    count: (ctx) => database.db.domain.count(own(ctx)),
  },
  {
    name: "different tags of an account, each on another domain",
    most: 300,
    start: async (ctx, used) => {
      const domains: TokenOwner[] = [];
      for (let place = 0; place < AT_ONCE; place++)
        domains.push(await createTestDomain(ctx, `tag${place}.example`));
      const { accountId } = ctx;
      const data = times(used, (place) => ({ accountId, domainId: randomUUID(), tag: `old ${place}` }));
      await database.db.domainTag.createMany({ data });
      return (place) =>
        tagDomains(ctx, { domainIds: [domains[place]?.domainId ?? ""], add: [`new ${place}`], remove: [] });
    },
    count: (ctx) => database.db.domainTag.count(own(ctx)),
  },
  {
    name: "tags of a domain",
    most: 20,
    start: async (ctx, used) => {
      const { accountId, domainId } = await createTestDomain(ctx, "tagged.example");
      const data = times(used, (place) => ({ accountId, domainId, tag: `old ${place}` }));
      await database.db.domainTag.createMany({ data });
      return (place) => tagDomains(ctx, { domainIds: [domainId], add: [`new ${place}`], remove: [] });
    },
    count: (ctx) => database.db.domainTag.count(own(ctx)),
  },
  {
    name: "saved filters of an account",
    most: 100,
    start: async (ctx, used) => {
      const data = times(used, (place) => ({ ...base(ctx), page: "domains", name: `${place}`, search: {} }));
      await database.db.savedFilter.createMany({ data });
      return (place) => saveFilter(ctx, { page: "portfolio", name: `New ${place}`, search: {} });
    },
    count: (ctx) => database.db.savedFilter.count(own(ctx)),
  },
  {
    name: "open policy changes of an account",
    most: 50,
    start: async (ctx, used) => {
      const { domainId } = await createTestDomain(ctx, "changed.example");
      const policy = { mode: "testing" as const, mx: ["mx.changed.example"], maxAgeSeconds: 86_400 };
      const version = { ...base(ctx), domainId, version: 1, policyId: "1" };
      await database.db.policyVersion.create({ data: { ...version, ...policy } });
      await database.db.policyChange.createMany({ data: times(used, () => ({ ...base(ctx), edit: {} })) });
      const edit = { maxAgeSeconds: 604_800, addMx: [], removeMx: [] };
      return () => preparePolicyChange(ctx, { edit, domainIds: [domainId] });
    },
    count: (ctx) => database.db.policyChange.count(own(ctx)),
  },
  {
    name: "open invitations of an account",
    most: 100,
    start: async (ctx, used) => {
      await addInvitations(ctx, used, "pending");
      return () => invite(ctx);
    },
    count: ({ accountId }) => database.db.invitation.count({ where: { organizationId: accountId } }),
  },
  {
    name: "invitations a day of an account and its customers, each of another customer",
    most: 300,
    start: async (ctx, used) => {
      await addInvitations(ctx, used, "canceled");
      const customers = await addCustomers(ctx, AT_ONCE);
      return (place) => invite(customers[place] ?? ctx);
    },
    count: async (ctx) => {
      const ids = await familyIds(ctx);
      return database.db.invitation.count({ where: { organizationId: { in: ids } } });
    },
  },
  {
    name: "instruction links of an account",
    most: 1_000,
    start: async (ctx, used) => {
      await addSheets(ctx, used, {});
      return () => createInstructionSheet(ctx, { only: "missing", expiresInDays: 1 }, mailDeps);
    },
    count: (ctx) => database.db.instructionSheet.count(own(ctx)),
  },
  ...(
    [
      ["an hour", 60, 0],
      ["a day", 300, 7_200_000],
    ] as const
  ).map(([span, most, agoMs]) => ({
    name: `instruction mails ${span} of an account and its customers, each of another customer`,
    most,
    start: async (ctx: Context, used: number) => {
      await addSheets(ctx, used, { mailedTo: "x@y.example", createdAt: new Date(at.getTime() - agoMs) });
      const customers = await addCustomers(ctx, AT_ONCE);
      return (place: number) => mailSheet(customers[place] ?? ctx);
    },
    count: async (ctx: Context) => {
      const ids = await familyIds(ctx);
      return database.db.instructionSheet.count({ where: { accountId: { in: ids } } });
    },
  })),
  {
    name: "mails that wait for the operator",
    most: 1_000,
    start: async (_ctx, used) => {
      const mail = { mailbox: "postmaster@x.example", receivedAt: at };
      const data = times(used, () => ({ ...mail, id: randomUUID(), raw: Buffer.from("x") }));
      await database.db.operatorMail.createMany({ data });
      const more = { ...mail, raw: Buffer.from("x"), remoteAddress: null, envelopeFrom: null };
      return () => receiveOperatorMail(database.db, more);
    },
    count: () => database.db.operatorMail.count(),
  },
];

test.each(LIMITS)("at most $most $name, also of ten made at the same instant", async (limit) => {
  const ctx = await createTestAccount(database.db, now);
  const make = await limit.start(ctx, limit.most - FREE);
  const made = await Promise.allSettled(times(AT_ONCE, make));
  const refused = made.flatMap((one) => (one.status === "rejected" ? [one.reason.code ?? one.reason] : []));
  expect(await limit.count(ctx)).toBe(limit.most);
  expect(refused).toEqual(times(AT_ONCE - FREE, () => "limit_reached"));
});

test("ten first sign-ins of one person at the same instant make one account", async () => {
  const user = { id: randomUUID(), name: "Ada", email: "ada@people.example" };
  await database.db.user.create({ data: user });
  const ids = await Promise.all(times(AT_ONCE, () => ensureOwnAccount(database.db, user, { at })));
  expect(new Set(ids).size).toBe(1);
  expect(await database.db.member.count({ where: { userId: user.id } })).toBe(1);
});

test("ten links to one domain's setup made at the same instant leave one", async () => {
  const ctx = await createTestAccount(database.db, now);
  const { domainId } = await createTestDomain(ctx, "shared.example");
  await Promise.all(times(AT_ONCE, () => shareDomain(ctx, { domainId })));
  expect(await database.db.domainShare.count(own(ctx))).toBe(1);
});
