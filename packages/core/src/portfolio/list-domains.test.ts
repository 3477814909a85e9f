import { randomUUID } from "node:crypto";
import { compareNames } from "@waxseal/contract";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createContext, jobActor } from "../context.ts";
import { listDomains } from "./list-domains.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database?.drop());

test("a tag of more domains than a statement has room for values filters the list", async () => {
  const { db } = database;
  await db.organization.create({ data: { id: "many", name: "Many", slug: "many" } });
  await db.$executeRaw`
    insert into domain (account_id, id, domain, token, created_at)
    select 'many', gen_random_uuid(), 'd0000' || n || '.example', lpad(n::text, 16, 'a'), now() from generate_series(1, 5) n`;
  await db.$executeRaw`insert into domain_tag (account_id, domain_id, tag) select account_id, id, 'gold' from domain where domain > 'd00002'`;
  // The statement has to leave out what only the tags name: domains cost much more to insert than their tags.
  await db.$executeRaw`insert into domain_tag (account_id, domain_id, tag) select 'many', lpad(to_hex(n), 32, '0')::uuid, 'gold' from generate_series(1, 66000) n`;
  const ctx = createContext({ db, now: () => new Date() }, "many", jobActor("test"));
  const first = await listDomains(ctx, { tag: "Gold", limit: 2 });
  expect(first.items.map(({ domain }) => domain)).toEqual(["d00002.example", "d00003.example"]);
  const next = await listDomains(ctx, { tag: "gold", limit: 1, cursor: first.nextCursor ?? undefined });
  expect(next.items.map(({ domain }) => domain)).toEqual(["d00004.example"]);
  expect((await listDomains(ctx, { tag: "silver", limit: 2 })).items).toEqual([]);
});

test("names with numbers come as people count, also across pages", async () => {
  const { db } = database;
  await db.organization.create({ data: { id: "counted", name: "Counted", slug: "counted" } });
  const names = ["site.example", "site1.example", "site2.example", "site10.example", "site10.example.org"];
  const ctx = createContext({ db, now: () => new Date() }, "counted", jobActor("test"));
  for (const [place, domain] of [...names].reverse().entries())
    await db.domain.create({
      data: {
        accountId: "counted",
        id: randomUUID(),
        domain,
        token: `counted${place}`.padEnd(16, "a"),
        createdAt: ctx.now(),
      },
    });
  const listed: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listDomains(ctx, { limit: 1, cursor });
    listed.push(...page.items.map(({ domain }) => domain));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(listed).toEqual(names);
  expect([...names].reverse().sort(compareNames), "the browser's order is the same").toEqual(names);
});

test("a domain shows how many alerts about it are open, without notices and those that are over", async () => {
  const { db } = database;
  const accountId = "alerted";
  await db.organization.create({ data: { id: accountId, name: "Alerted", slug: accountId } });
  const now = new Date();
  const token = "alerted".padEnd(16, "a");
  const made = { accountId, domain: "alerted.example", token, createdAt: now };
  const { id: domainId } = await db.domain.create({ data: made });
  const looks = { firstSeenAt: now, lastSeenAt: now, lookedAt: now, looksBad: 2, looksGood: 0, evidence: {} };
  for (const [subject, severity, state] of [
    ["mx1.example", "critical", "open"],
    ["mx2.example", "warning", "open"],
    ["mx3.example", "notice", "open"],
    ["mx4.example", "critical", "pending"],
    ["mx5.example", "critical", "resolved"],
  ] as const)
    await db.alert.create({
      data: { ...looks, accountId, domainId, condition: "mx.badTls", subject, severity, state },
    });
  const ctx = createContext({ db, now: () => now }, accountId, jobActor("test"));
  const { items } = await listDomains(ctx, { limit: 2 });
  expect(items.map(({ openAlerts }) => openAlerts)).toEqual([2]);
});
