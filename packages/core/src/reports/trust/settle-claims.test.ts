import { sqlDatabase } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type Claiming, settleClaims } from "./settle-claims.ts";

const DAY = new Date("2026-03-10T00:00:00Z");
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  const row = { isListed: false, days: 3, firstDay: DAY, lastDay: DAY };
  await database.db.reporterSigner.createMany({
    data: [
      { ...row, accountId: "a1", nameKey: "alpha", domain: "alpha.example", knownAt: DAY },
      { ...row, accountId: "a1", nameKey: "beta", domain: "beta.example", knownAt: null },
      { ...row, accountId: "a2", nameKey: "gamma", domain: "gamma.example", knownAt: DAY },
    ],
  });
});
afterAll(() => database.drop());

function claiming(accountId: string, ...claims: ([nameKey: string, domain: string] | null)[]): Claiming {
  return {
    message: { accountId },
    parsed: claims.map((claim) => ({
      trust: "aligned",
      claim: claim && { nameKey: claim[0], domain: claim[1], isListed: false },
    })) as Claiming["parsed"],
  };
}

test.each<[string, string, [string, string], "aligned" | "signed"]>([
  ["a signer known for the name in this account", "a1", ["alpha", "alpha.example"], "aligned"],
  ["a signer that was seen but is not known yet", "a1", ["beta", "beta.example"], "signed"],
  ["a signer that was never seen", "a1", ["delta", "delta.example"], "signed"],
  ["a signer known for another name", "a1", ["beta", "alpha.example"], "signed"],
  ["another signer of the name", "a1", ["alpha", "beta.example"], "signed"],
  ["a signer known in another account only", "a1", ["gamma", "gamma.example"], "signed"],
  ["that account's own", "a2", ["gamma", "gamma.example"], "aligned"],
])("RFC 8460 §5.3: %s is %s, %s, %s", async (_name, accountId, claim, trust) => {
  const message = claiming(accountId, claim);
  await settleClaims(sqlDatabase(database.db), [message]);
  expect(message.parsed[0]?.trust).toBe(trust);
});

test("each report of a batch is decided for its own account, also when two claim the same", async () => {
  const messages = [
    claiming("a1", ["alpha", "alpha.example"], ["beta", "beta.example"], ["alpha", "alpha.example"]),
    claiming("a2", ["alpha", "alpha.example"]),
  ];
  await settleClaims(sqlDatabase(database.db), messages);
  expect(messages.map(({ parsed }) => parsed.map(({ trust }) => trust))).toEqual([
    ["aligned", "signed", "aligned"],
    ["signed"],
  ]);
});

test("a report without a claim keeps its trust, and a batch without one asks nothing", async () => {
  const message = claiming("a1", null, ["beta", "beta.example"]);
  await settleClaims(sqlDatabase(database.db), [message]);
  expect(message.parsed.map(({ trust }) => trust)).toEqual(["aligned", "signed"]);
  const noDatabase = { $queryRaw: () => Promise.reject(new Error("asked")) } as never;
  await settleClaims(noDatabase, [claiming("a1", null)]);
  await settleClaims(noDatabase, []);
});
