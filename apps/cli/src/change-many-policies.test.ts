import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { runTestCli } from "../testing/run-test-cli.ts";

let database: TestDatabase;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  env = {
    DATABASE_URL: database.databaseUrl,
    HOSTED_ZONE: "hosted.example",
    REPORTS_DOMAIN: "reports.hosted.example",
    POLICY_ADDRESSES: "127.0.0.1",
    DNS_RESOLVERS: "127.0.0.1:1",
  };
  await cli("account", "create", "--name", "Provider");
  await cli("customer", "add", "Shop", "--account", "Provider");
  await cli("domain", "add", "own.example", "--yes", "--account", "Provider");
  for (const n of [1, 2, 10]) await cli("domain", "add", `shop${n}.example`, "--yes", "--account", "Shop");
  const { db } = database;
  await db.policyVersion.updateMany({ data: { mx: ["mx.example.com"], maxAgeSeconds: 86_400 } });
});
afterAll(() => database.drop());

const cli = (...args: string[]) => runTestCli(args, { env, cwd: "/" });
const setMany = async (...args: string[]) => {
  const { status, out } = await cli("policy", "set-many", "--account", "Provider", ...args, "--json");
  return { status, value: JSON.parse(out) };
};
const newest = async () => {
  const rows = await database.db.$queryRaw<{ domain: string; seconds: number }[]>`
    select distinct on (d.domain) d.domain, p.max_age_seconds::int as seconds
    from policy_version p join domain d on d.account_id = p.account_id and d.id = p.domain_id
    order by d.domain, p.version desc`;
  return rows.map(({ domain, seconds }) => [domain, seconds]).toSorted();
};

test("all domains that a filter leaves are changed, also those of customers, when their number is confirmed", async () => {
  const change = ["--query", "shop", "--max-age", "172800"];
  const preview = await setMany(...change);
  expect(preview).toMatchObject({ status: 0, value: { changed: false, domains: 3, waiting: 3 } });
  expect(preview.value.lines.map(({ domain }: { domain: string }) => domain)).toEqual([
    "shop1.example",
    "shop2.example",
    "shop10.example",
  ]);
  const before = await newest();
  expect(new Set(before.map(([, seconds]) => seconds))).toEqual(new Set([86_400]));
  expect(await database.db.policyChange.count({ where: { endedAt: null } })).toBe(0);

  const other = await setMany(...change, "--confirm", "4");
  expect(other).toMatchObject({ status: 1, value: { code: "conflict" } });
  expect(await newest()).toEqual(before);

  const done = await setMany(...change, "--confirm", "3");
  expect(done).toMatchObject({ status: 0, value: { changed: true, applied: 3, waiting: 0 } });
  expect(await newest()).toEqual([
    ["own.example", 86_400],
    ["shop1.example", 172_800],
    ["shop10.example", 172_800],
    ["shop2.example", 172_800],
  ]);
});

test("without a filter --all is needed, and an edit changes something", async () => {
  expect(await setMany("--max-age", "1")).toMatchObject({ status: 1, value: { code: "invalid" } });
  expect(await setMany("--all")).toMatchObject({ status: 1, value: { code: "invalid" } });
  expect(await setMany("--all", "--mode", "off")).toMatchObject({ status: 2 });
});

test("what enforcing would hold back is refused at its turn, in words, and the status says so", async () => {
  const args = ["policy", "set-many", "--account", "Provider", "--all", "--mode", "enforce"];
  const preview = await cli(...args);
  expect(preview.out).toContain("4 policies would be changed (4 with mode enforce)");
  const { status, out } = await cli(...args, "--confirm", "4");
  expect([status, out]).toEqual([1, expect.stringContaining("0 policies changed, 4 refused.")]);
  expect(out).toMatch(/refused +shop1\.example \(Shop\): [A-Z]/);
});
