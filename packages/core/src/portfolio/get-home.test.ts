import { reportsOf } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestAccount } from "../../testing/create-test-report.ts";
import { createContext, jobActor } from "../context.ts";
import { getHome } from "./get-home.ts";

const NOW = new Date("2026-03-15T12:00:00Z");

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

/** Sessions of one reporter on each of the 28 days before today, all trusted. */
async function reportDaily(accountId: string, reporter: string, days: { until: string; failed: number }) {
  await reportsOf(database.db).$executeRaw`
    insert into tls_total_sessions (account_id, report_day, reporter, policy_type, reports, successful_sessions, failed_sessions,
      counted_successful, counted_failed)
    select ${accountId}, day::date, ${reporter}, 'sts', 1, 90, 0, 90, case when day >= '2026-03-01' then ${days.failed}::int else 0 end
    from generate_series('2026-02-15'::date, ${days.until}::date, interval '1 day') as day`;
}

const key = { health: "good", status: "active" } as const;

test("a provider's home is about all its customers, and a customer's about itself alone", async () => {
  const { db } = database;
  const provider = await createTestAccount(db, () => NOW);
  const id = `${provider.accountId}-customer`;
  await db.organization.create({ data: { id, name: "Bakery", slug: id, parentId: provider.accountId } });
  await createTestAccount(db, () => NOW);
  const add = (accountId: string, domain: string, changes: object) =>
    db.domain.create({
      data: { accountId, domain, token: domain.slice(0, 16), createdAt: NOW, ...key, ...changes },
    });
  await add(provider.accountId, "own.example", { enforceReadyAt: NOW });
  await add(id, "left.example", { status: "left", health: "off" });
  const risky = await add(id, "risky.example", {
    health: "at-risk",
    healthSince: NOW,
    healthReason: {
      code: "mx.expiring",
      subject: "mx.risky.example",
      severity: "warning",
      move: "mx-operator",
      evidence: { mxHost: "mx.risky.example", notAfter: "2026-03-20T00:00:00.000Z" },
    },
  });
  await db.alert.create({
    data: {
      accountId: id,
      domainId: risky.id,
      condition: "mx.expiring",
      subject: "mx.risky.example",
      severity: "warning",
      state: "open",
      firstSeenAt: NOW,
      lastSeenAt: NOW,
      lookedAt: NOW,
      looksBad: 1,
      looksGood: 0,
      evidence: { notAfter: "2026-03-20T00:00:00.000Z" },
    },
  });
  await db.alert.create({
    data: {
      accountId: id,
      domainId: risky.id,
      condition: "mx.expiring",
      subject: "expired.risky.example",
      severity: "warning",
      state: "open",
      firstSeenAt: NOW,
      lastSeenAt: NOW,
      lookedAt: NOW,
      looksBad: 1,
      looksGood: 0,
      evidence: { notAfter: "2026-03-15T11:59:59.000Z", isExpired: true },
    },
  });
  await db.event.create({
    data: {
      accountId: id,
      at: NOW,
      kind: "mx.changed",
      actorKind: "job",
      actorId: "x",
      actorName: "x",
      domainId: risky.id,
    },
  });
  await reportDaily(provider.accountId, "Google Inc.", { until: "2026-03-14", failed: 10 });
  await reportDaily(id, "Silent Sender", { until: "2026-03-01", failed: 0 });
  await reportDaily(id, "Forger\u001funsigned", { until: "2026-03-14", failed: 10_000 });

  const home = await getHome(provider);
  expect(home).toMatchObject({ customers: 1, domains: 2, byHealth: { good: 1, "at-risk": 1, off: 1 } });
  expect(home.mail?.now).toMatchObject({
    sessions: 14 * 100 + 90,
    failedSessions: 140,
    lastDay: "2026-03-14",
  });
  expect(home.mail?.before).toEqual({ sessions: 2 * 14 * 90, successShare: 1 });
  expect(home.attention).toMatchObject({
    total: 1,
    items: [
      { domain: "risky.example", customer: "Bakery", action: "See mail hosts", health: { state: "at-risk" } },
    ],
  });
  expect(home.changes).toMatchObject([{ kind: "mx.changed", domain: "risky.example", accountId: id }]);
  expect(home.next).toMatchObject({
    ready: [{ domain: "own.example", customer: null }],
    readyTotal: 1,
    expiring: [
      { host: "mx.risky.example", notAfter: "2026-03-20T00:00:00.000Z", domains: 1, domainId: risky.id },
    ],
    silent: [{ reporter: "Silent Sender", lastDay: "2026-03-01" }],
  });

  const customer = createContext({ db, now: () => NOW }, id, jobActor("test"));
  expect(await getHome(customer)).toMatchObject({
    customers: 0,
    domains: 1,
    next: { ready: [], readyTotal: 0 },
  });
});

test("a day that is not settled yet counts as the daily table has it, once", async () => {
  const account = await createTestAccount(database.db, () => NOW);
  await reportDaily(account.accountId, "Google Inc.", { until: "2026-03-14", failed: 0 });
  await reportsOf(database.db).$queryRaw`select ensure_report_partitions('2026-03-01'::date)::text`;
  await reportsOf(database.db).$executeRaw`
    insert into tls_daily_sessions (account_id, report_day, domain_id, reporter, policy_type, reports, successful_sessions, failed_sessions,
      counted_successful, counted_failed)
    values (${account.accountId}, '2026-03-14', gen_random_uuid(), 'Google Inc.', 'sts', 1, 500, 7, 500, 7)`;
  const { mail } = await getHome(account);
  expect(mail?.now).toMatchObject({ sessions: 13 * 90 + 507, failedSessions: 7 });
});

test("failing domains whose mail an enforced policy refuses are counted apart, and come first", async () => {
  const { db } = database;
  const account = await createTestAccount(db, () => NOW);
  const { accountId } = account;
  for (const [place, mode] of (["enforce", "testing", "none"] as const).entries()) {
    const token = `failing-${mode}`;
    const data = {
      accountId,
      domain: `${3 - place}-${mode}.example`,
      token,
      createdAt: NOW,
      servedVersion: 2,
    };
    const { id: domainId } = await db.domain.create({ data: { ...data, ...key, health: "mail-failing" } });
    // The version before is not what senders go by.
    for (const version of [1, 2]) {
      const policyId = `${place}-${version}`;
      const by = { createdAt: NOW, createdBy: "test", mx: ["mx1.example.com"], maxAgeSeconds: 604_800 };
      const policy = { mode: version === 1 ? ("enforce" as const) : mode, ...by };
      await db.policyVersion.create({ data: { accountId, domainId, version, policyId, ...policy } });
    }
  }
  const home = await getHome(account);
  expect(home).toMatchObject({ byHealth: { "mail-failing": 3 }, refusing: 1 });
  expect(home.attention.items.map(({ domain }) => domain)).toEqual([
    "3-enforce.example",
    "1-none.example",
    "2-testing.example",
  ]);
});
