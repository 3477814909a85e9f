import { randomUUID } from "node:crypto";
import { type Database, openDatabase, type ReportsDatabase } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import {
  createTestAccount,
  createTestDomain,
  testPolicy,
  testReportJson,
} from "../../testing/create-test-report.ts";
import { inviteMember } from "../accounts/invite-member.ts";
import { type Context, createContext, jobActor } from "../context.ts";
import type { Mail } from "../mail/create-mailer.ts";
import { addDomain } from "../onboarding/add-domain.ts";
import { finishLeaving } from "../onboarding/finish-leaving.ts";
import { leaveDomain } from "../onboarding/leave-domain.ts";
import { importReports } from "../reports/processing/import-report.ts";
import { ACCOUNT_TABLES, isReportTable } from "./account-tables.ts";
import { closeAccount } from "./close-account.ts";
import { exportAccount } from "./export-account.ts";
import { finishClosing, listClosingAccounts } from "./finish-closing.ts";
import { getClosing } from "./get-closing.ts";
import { keepAccount } from "./keep-account.ts";
import { restoreKeptDomains } from "./restore-kept-domains.ts";

const start = new Date("2026-03-15T06:00:00Z");
const now = () => start;
const settings = {
  hostedZone: "hosted.example",
  reportsDomain: "reports.example",
  reportsHost: "reports.hosted.example",
  policyAddresses: ["192.0.2.1"],
  nameservers: ["ns1.hosted.example"],
  caaIdentities: ["ca.example"],
};
const mails: Mail[] = [];
const deps = {
  publicUrl: "https://waxseal.example",
  queueMail: async (_db: unknown, mail: Mail) => void mails.push(mail),
};
let database: TestDatabase;
/** With the worker's rights, whose job it is to finish. */
let workersDb: Database;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  const { databaseUrl, reportsDatabaseUrl } = await database.urlsAs("worker");
  workersDb = openDatabase(databaseUrl, { poolSize: 2, reportsDatabaseUrl });
});
afterAll(async () => {
  await workersDb.$disconnect();
  await database.drop();
});

async function newAccount(): Promise<{ ctx: Context; name: string }> {
  const ctx = await createTestAccount(database.db, now);
  const { name } = await database.db.organization.findUniqueOrThrow({ where: { id: ctx.accountId } });
  return { ctx, name };
}

function addTestDomain(ctx: Context, domain: string) {
  return addDomain(ctx, { domain }, { settings, lookUpMx: async () => [] });
}

/** A person who came by the account's single sign-on. */
async function addSsoSession({ accountId }: Context): Promise<void> {
  const id = randomUUID();
  await database.db.user.create({ data: { id, name: "S", email: `${id}@people.example` } });
  await database.db.session.create({
    data: {
      id,
      token: id,
      userId: id,
      ssoAccountId: accountId,
      signedInBy: "sso",
      expiresAt: new Date("2999-01-01"),
    },
  });
}

async function readExport(ctx: Context): Promise<Record<string, Record<string, unknown>[]>> {
  let text = "";
  for await (const chunk of (await exportAccount(ctx)).chunks) text += chunk;
  return JSON.parse(text);
}

async function countRows(accountId: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of ACCOUNT_TABLES) {
    const owner = isReportTable(table) ? database.reports : database.db;
    const [row] = await owner.$queryRawUnsafe<{ n: number }[]>(
      `select count(*)::int as n from ${table} where account_id = $1`,
      accountId,
    );
    counts[table] = row?.n ?? 0;
  }
  return counts;
}

test("every table with an account's rows goes with the account", async () => {
  const listTables = (db: Database | ReportsDatabase) => db.$queryRaw<{ name: string }[]>`
    select c.relname::text as name from pg_class c join pg_attribute a on a.attrelid = c.oid
    where a.attname = 'account_id' and c.relkind in ('r', 'p') and not c.relispartition
      and c.relnamespace = 'public'::regnamespace`;
  const rows = [...(await listTables(database.db)), ...(await listTables(database.reports))];
  const kept = ["credential", "domain_token"];
  expect([...ACCOUNT_TABLES, ...kept].sort()).toEqual([...new Set(rows.map(({ name }) => name))].sort());
});

test("the export has every table of the account but those that only add others up and what is the operator's", async () => {
  const { ctx } = await newAccount();
  const { account, exportedAt, ...tables } = await readExport(ctx);
  const sums = ACCOUNT_TABLES.filter((table) =>
    /^(?:tls_(?:total|month|unsettled|changed)_|(?:deletion_hold|report_recount|report_effect)$)/.test(table),
  );
  expect([account, exportedAt]).not.toContain(undefined);
  expect(Object.keys(tables).sort()).toEqual(ACCOUNT_TABLES.filter((table) => !sums.includes(table)).sort());
});

test("a domain whose id was published leaves the safe way first; the account goes when no sender can hold its policy (RFC 8461 §8.3)", async () => {
  const { ctx, name } = await newAccount();
  const neighbour = await newAccount();
  await addTestDomain(neighbour.ctx, "neighbour.example");
  const { id: domainId } = await addTestDomain(ctx, "published.example");
  const key = { accountId: ctx.accountId, domainId };
  await database.db.policyVersion.updateMany({ where: key, data: { publishedAt: start, state: "live" } });
  await database.db.domain.updateMany({
    where: { accountId: ctx.accountId },
    data: { status: "active", publishedVersion: 1 },
  });
  await addTestDomain(ctx, "unpublished.example");
  await addSsoSession(ctx);

  await closeAccount(ctx, { name, signedInAt: start }, deps);
  expect(await finishClosing(asJob(ctx, 1))).toBe(false);
  const closing = await getClosing(ctx);
  expect(closing).toMatchObject({ closingAt: start.toISOString(), domainsStaying: 1 });
  expect(closing.domains).toMatchObject([{ domain: "published.example", status: "leaving" }]);
  const leavesAt = closing.domains[0]?.leavesAt;
  expect(leavesAt).toEqual(expect.any(String));

  const muchLater = () => new Date(Date.parse(leavesAt ?? "") + 86_400_000 * 40);
  const later = createContext({ db: workersDb, now: muchLater }, ctx.accountId, ctx.actor);
  expect(await finishLeaving(later, { domainId })).toBe(true);
  expect(await finishClosing(later)).toBe(true);
  expect(Object.values(await countRows(ctx.accountId)).every((rows) => rows === 0)).toBe(true);
  expect(await database.db.organization.count({ where: { id: ctx.accountId } })).toBe(0);
  expect(await database.db.session.count({ where: { ssoAccountId: ctx.accountId } })).toBe(0);
  expect(await database.db.domainToken.count({ where: { accountId: ctx.accountId } })).toBe(2);
  expect(await database.db.domain.count({ where: { accountId: neighbour.ctx.accountId } })).toBe(1);
  expect(await listClosingAccounts(database.db, 10)).not.toContain(ctx.accountId);
});

test("closing asks for the account's name, is refused while customers are managed, and can be taken back", async () => {
  const { ctx, name } = await newAccount();
  await expect(closeAccount(ctx, { name: "another", signedInAt: start }, deps)).rejects.toMatchObject({
    code: "invalid",
  });
  const customer = randomUUID();
  await database.db.organization.create({
    data: { id: customer, name: "Customer", slug: customer, parentId: ctx.accountId },
  });
  await expect(closeAccount(ctx, { name, signedInAt: start }, deps)).rejects.toMatchObject({
    code: "conflict",
  });
  await database.db.organization.delete({ where: { id: customer } });
  await closeAccount(ctx, { name, signedInAt: start }, deps);
  await keepAccount(ctx, deps);
  expect(await finishClosing(ctx)).toBe(false);
  expect(await getClosing(ctx)).toMatchObject({ closingAt: null });
  await expect(keepAccount(ctx, deps)).rejects.toMatchObject({ code: "conflict" });
});

/** The closing job, some days later. */
function asJob({ accountId }: Context, days: number): Context {
  const at = new Date(start.getTime() + days * 86_400_000);
  return createContext({ db: database.db, now: () => at }, accountId, jobActor("account.finishClosing"));
}

async function addOwner({ accountId }: Context): Promise<string> {
  const id = randomUUID();
  const email = `${id}@people.example`;
  await database.db.user.create({ data: { id, name: "Owner", email } });
  await database.db.member.create({ data: { id, organizationId: accountId, userId: id, role: "owner" } });
  return email;
}

async function addActiveDomain(ctx: Context, domain: string): Promise<string> {
  const { id } = await addTestDomain(ctx, domain);
  const where = { accountId_id: { accountId: ctx.accountId, id } };
  await database.db.policyVersion.updateMany({
    where: { accountId: ctx.accountId, domainId: id },
    data: { publishedAt: start, state: "live", mode: "enforce", maxAgeSeconds: 86_400 },
  });
  await database.db.domain.update({
    where,
    data: { status: "active", activeAt: start, publishedVersion: 1 },
  });
  return id;
}

test("keeping an account restores the domains that its closing let leave, enforce as testing, and no other (RFC 8461 §8.1)", async () => {
  const { ctx, name } = await newAccount();
  const owner = await addOwner(ctx);
  const id = await addActiveDomain(ctx, "kept.example");
  const own = await addActiveDomain(ctx, "turned-off.example");
  const byHand = createContext(
    { db: database.db, now: () => new Date(start.getTime() + 1_000) },
    ctx.accountId,
    { kind: "user", id: "u", name: "U" },
    "owner",
  );
  await closeAccount(ctx, { name, signedInAt: start }, deps);
  await leaveDomain(byHand, { domainId: own });
  const find = (domainId: string) =>
    database.db.domain.findFirstOrThrow({ where: { accountId: ctx.accountId, id: domainId } });

  expect(await finishClosing(asJob(ctx, 0.99))).toBe(false);
  expect((await find(id)).status).toBe("active");
  expect(await finishClosing(asJob(ctx, 1))).toBe(false);
  expect((await find(id)).status).toBe("leaving");
  const closing = { closingAt: start };
  expect(await restoreKeptDomains(asJob(ctx, 2), closing)).toBe(0);

  await keepAccount({ ...ctx, now: asJob(ctx, 2).now }, deps);
  expect(await finishClosing(asJob(ctx, 2))).toBe(false);
  expect(await restoreKeptDomains(asJob(ctx, 2), closing)).toBe(1);
  expect(await restoreKeptDomains(asJob(ctx, 2), closing)).toBe(0);
  expect(await find(id)).toMatchObject({ status: "active", leavingAt: null, servedVersion: 3 });
  expect((await find(own)).status).toBe("leaving");
  const newest = { accountId: ctx.accountId, domainId: id, version: 3 };
  expect(await database.db.policyVersion.findFirst({ where: newest })).toMatchObject({ mode: "testing" });
  const got = mails.filter(({ to }) => to === owner).map(({ subject, text }) => ({ subject, text }));
  expect(got.map(({ subject }) => subject)).toEqual([
    `${name} on Waxseal is being deleted`,
    `${name} on Waxseal is kept`,
  ]);
  expect(got[0]?.text).toContain("kept.example is served until 17 Mar 2026, 06:00 UTC");
});

test("an account that is being deleted takes no new domain and invites no one", async () => {
  const { ctx, name } = await newAccount();
  await closeAccount(ctx, { name, signedInAt: start }, deps);
  await expect(addTestDomain(ctx, "late.example")).rejects.toMatchObject({ code: "conflict" });
  const invitation = { email: "late@people.example", role: "viewer" } as const;
  await expect(inviteMember(ctx, invitation, deps)).rejects.toMatchObject({ code: "conflict" });
});

test("closing needs a sign-in of at most 15 minutes", async () => {
  const { ctx, name } = await newAccount();
  const signedInAt = new Date(start.getTime() - 901_000);
  await expect(closeAccount(ctx, { name, signedInAt }, deps)).rejects.toMatchObject({ code: "forbidden" });
});

test("only an owner closes an account; an admin may export it, an editor may not", async () => {
  const { ctx, name } = await newAccount();
  const as = (role: "admin" | "editor") =>
    createContext({ db: database.db, now }, ctx.accountId, { kind: "user", id: "u", name: "U" }, role);
  await expect(closeAccount(as("admin"), { name, signedInAt: start }, deps)).rejects.toMatchObject({
    code: "forbidden",
  });
  await expect(exportAccount(as("editor"))).rejects.toMatchObject({ code: "forbidden" });
  await expect(exportAccount(as("admin"))).resolves.toMatchObject({ contentType: /json/ });
});

test("the export has every row of the account once, raw messages included, no private key, and no one else's row", async () => {
  const { ctx } = await newAccount();
  const neighbour = await newAccount();
  await addTestDomain(neighbour.ctx, "not-mine.example");
  await createTestDomain(ctx, "example.com");
  const files = Array.from({ length: 11 }, (_, n) => ({
    fileName: "r.json",
    bytes: Buffer.from(
      testReportJson("2026-03-10", { reportId: `r${n}`, policies: [testPolicy("example.com")] }),
    ),
  }));
  await importReports(ctx, files);
  await database.db.certificate.create({
    data: {
      accountId: ctx.accountId,
      host: "mta-sts.example.com",
      chainPem: "chain",
      keyJwe: "sealed",
      issuer: "i",
      serial: "1",
      fingerprint256: "f",
      notBefore: start,
      notAfter: start,
      directoryUrl: "https://ca.example/dir",
      createdAt: start,
    },
  });
  const file = await readExport(ctx);
  const counts = await countRows(ctx.accountId);
  for (const table of Object.keys(file).filter((each) => each in counts)) {
    expect([table, file[table]?.length]).toEqual([table, counts[table]]);
    expect(new Set(file[table]?.map((row) => JSON.stringify(row))).size).toBe(counts[table]);
  }
  expect(file.report_message).toHaveLength(11);
  expect(JSON.stringify(file)).not.toContain("sealed");
  expect(JSON.stringify(file)).not.toContain("not-mine.example");
});
