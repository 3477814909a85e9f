import { reportsOf } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestAccount } from "../../testing/create-test-report.ts";
import type { Context } from "../context.ts";
import { summarizeCustomers } from "./summarize-customers.ts";

let database: TestDatabase;
let ctx: Context;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  ctx = await createTestAccount(database.db, () => new Date("2026-03-10T12:00:00Z"));
});
afterAll(() => database.drop());

async function addAccount(name: string, parentId: string | null = ctx.accountId): Promise<string> {
  const id = name.toLowerCase().replaceAll(" ", "-");
  await database.db.organization.create({ data: { id, name, slug: id, parentId } });
  return id;
}

async function addDomain(accountId: string, health: string): Promise<void> {
  const name = `${accountId}-${health}.example`.toLowerCase();
  const status = health === "off" ? ("left" as const) : ("active" as const);
  await database.db.domain.create({
    data: { accountId, domain: name, token: name, status, health, createdAt: new Date("2026-03-01") },
  });
}

/** Totals of one day as the proven reports of one reporter make them; a forger's are beside them. */
async function addDay(accountId: string, day: string, successful: number, failed: number): Promise<void> {
  const reportDay = new Date(day);
  const total = {
    accountId,
    reportDay,
    policyType: "sts",
    reports: 1,
    successfulSessions: 0,
    failedSessions: 0,
  };
  await reportsOf(database.db).tlsTotalSessions.createMany({
    data: [
      { ...total, reporter: "Google Inc.", countedSuccessful: successful, countedFailed: failed },
      { ...total, reporter: "Google Inc.\x1funsigned", countedSuccessful: 9_999, countedFailed: 9_999 },
    ],
  });
}

test("a provider sees what proven reports say of itself and each customer, and of all together; strangers and forgers are not in it", async () => {
  const [ninth, tenth, quiet] = [
    await addAccount("Customer 9"),
    await addAccount("Customer 10"),
    await addAccount("Customer 11"),
  ];
  const stranger = await addAccount("Stranger", null);
  for (const health of ["good", "mail-failing", "off"]) await addDomain(tenth, health);
  await addDomain(ninth, "good");
  await addDay(tenth, "2026-03-08", 90, 10);
  await addDay(tenth, "2026-03-09", 95, 5);
  await addDay(ninth, "2026-03-08", 50, 0);
  await addDay(quiet, "2026-01-05", 7, 7);
  await addDay(stranger, "2026-03-08", 1_000, 1_000);

  const { items, totals, from, to } = await summarizeCustomers(ctx, { from: "2026-03-01", to: "2026-03-10" });
  expect([from, to]).toEqual(["2026-03-01", "2026-03-10"]);
  expect(items.map(({ customer }) => customer)).toEqual([null, "Customer 10", "Customer 11", "Customer 9"]);
  expect(items[1]).toMatchObject({
    ...{ accountId: tenth, domains: 2, failingDomains: 1 },
    ...{ sessions: 200, failedSessions: 15, successShare: 0.925, lastDay: "2026-03-09" },
  });
  expect(items[2]).toMatchObject({ sessions: 0, successShare: null, lastDay: "2026-01-05" });
  expect(totals).toMatchObject({
    ...{ domains: 3, failingDomains: 1 },
    ...{ sessions: 250, failedSessions: 15, successShare: 0.94, lastDay: "2026-03-09" },
  });
});
