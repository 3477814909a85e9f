import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { findServedPolicies, findServedPolicy, listServedPolicies } from "./list-served-policies.ts";
import { findManyTokenAnswers, findTokenAnswers, listTokenAnswers } from "./list-token-answers.ts";

const AT = new Date("2026-01-01T00:00:00Z");
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

type Row = { servedVersion?: number; publishedVersion?: number; status?: "left"; claims?: boolean };

async function addDomain(accountId: string, domain: string, token: string, row: Row = {}): Promise<void> {
  const { claims = true, ...columns } = row;
  const id = randomUUID();
  const { db } = database;
  await db.domain.create({ data: { accountId, id, domain, token, createdAt: AT, ...columns } });
  await db.domainToken.create({ data: { token, accountId, domainId: id, createdAt: AT } });
  if (claims) await db.domainClaim.create({ data: { domain, accountId, domainId: id, claimedAt: AT } });
  for (const version of [1, 2]) {
    const body = { mode: "testing" as const, mx: [`mx${version}.${domain}`], maxAgeSeconds: 86_400 };
    const policyId = `id${version}`;
    await db.policyVersion.create({
      data: { accountId, domainId: id, version, policyId, ...body, createdAt: AT, createdBy: "test" },
    });
  }
}

test("a served policy is that of the account which claims the domain, in the version it serves", async () => {
  await addDomain("one", "served.example", "aaaaaaaaaaaaaaa2", { servedVersion: 2, publishedVersion: 1 });
  await addDomain("two", "served.example", "aaaaaaaaaaaaaaa3", { servedVersion: 1, claims: false });
  expect(await findServedPolicy(database.db, "served.example")).toEqual({
    domain: "served.example",
    policyId: "id2",
    version: 2,
    mode: "testing",
    mx: ["mx2.served.example"],
    maxAgeSeconds: 86_400,
  });
});

test("nothing is served without a claim, before a version is, and after leaving", async () => {
  await addDomain("one", "unclaimed.example", "aaaaaaaaaaaaaaa4", { servedVersion: 1, claims: false });
  await addDomain("one", "draft.example", "aaaaaaaaaaaaaaa5");
  await addDomain("one", "left.example", "aaaaaaaaaaaaaaa6", { servedVersion: 1, status: "left" });
  const domains = ["unclaimed.example", "draft.example", "left.example", "unknown.example"];
  expect(await findServedPolicies(database.db, domains)).toEqual([]);
});

test("a token answers with the published id, not the served one; without names once its domain left", async () => {
  expect(await findTokenAnswers(database.db, "aaaaaaaaaaaaaaa2")).toEqual({
    token: "aaaaaaaaaaaaaaa2",
    publishedPolicyId: "id1",
  });
  expect(await findTokenAnswers(database.db, "aaaaaaaaaaaaaaa5")).toEqual({
    token: "aaaaaaaaaaaaaaa5",
    publishedPolicyId: undefined,
  });
  expect(await findManyTokenAnswers(database.db, ["aaaaaaaaaaaaaaa6", "bbbbbbbbbbbbbbbb"])).toEqual([]);
});

test("pages cover everything once, in order", async () => {
  for (const index of [1, 2, 3, 4]) {
    await addDomain("pages", `page${index}.example`, `ccccccccccccccc${index + 2}`, { servedVersion: 1 });
  }
  const domains: string[] = [];
  for (let cursor: string | undefined = ""; cursor !== undefined; ) {
    const page: Awaited<ReturnType<typeof listServedPolicies>> = await listServedPolicies(database.db, {
      cursor,
      limit: 2,
    });
    domains.push(...page.items.map(({ domain }) => domain));
    cursor = page.nextCursor;
  }
  expect(domains).toEqual([
    "page1.example",
    "page2.example",
    "page3.example",
    "page4.example",
    "served.example",
  ]);
  const tokens = await listTokenAnswers(database.db, { cursor: "ccccccccccccccc", limit: 3 });
  expect(tokens.items.map(({ token }) => token)).toEqual([3, 4, 5].map((digit) => `ccccccccccccccc${digit}`));
  expect(tokens.nextCursor).toBe("ccccccccccccccc5");
});
