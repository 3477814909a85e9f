import { Prisma } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { groupByMonth, monthArray, selectMonths, unionAll } from "./month-figures.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

const MARCH = Array.from({ length: 31 }, (_, index) => index + 1);

async function addMonth(accountId: string, month: string, address: string, failed: readonly number[]) {
  await database.reports.$executeRaw`
    insert into tls_month_addresses (account_id, month, reporter, sending_mta_ip, failed)
    values (${accountId}, ${month}::date, 'R', ${address}, ${failed}::bigint[])`;
}

const ask = (accountId: string, days: readonly string[], only = Prisma.sql`true`) =>
  database.reports.$queryRaw<{ address: string; counted_failed: bigint }[]>`
    select * from (${unionAll(
      selectMonths("tls_month_addresses", Prisma.sql`sending_mta_ip as address`, { accountId, days, only }),
    )}) as months order by 1, 2`;

test("days are put together by month, in the order given", () => {
  expect(groupByMonth(["2026-02-28", "2026-03-01", "2026-02-27", "2027-03-01"])).toEqual([
    { month: "2026-02-01", days: ["2026-02-28", "2026-02-27"] },
    { month: "2026-03-01", days: ["2026-03-01"] },
    { month: "2027-03-01", days: ["2027-03-01"] },
  ]);
  expect(groupByMonth([])).toEqual([]);
});

test.each([
  ["the first day", ["2026-03-01"], 1],
  ["the last day", ["2026-03-31"], 31],
  ["several days", ["2026-03-01", "2026-03-10", "2026-03-31"], 42],
  ["the whole month", MARCH.map((day) => `2026-03-${String(day).padStart(2, "0")}`), 496],
])("failures are summed over %s, and no other", async (_name, days, sum) => {
  const accountId = crypto.randomUUID();
  await addMonth(accountId, "2026-03-01", "192.0.2.1", MARCH);
  expect(await ask(accountId, days)).toEqual([{ address: "192.0.2.1", counted_failed: BigInt(sum) }]);
});

test("each month has a row of its own, and a row without failures on these days comes with 0", async () => {
  const accountId = crypto.randomUUID();
  await addMonth(
    accountId,
    "2026-02-01",
    "192.0.2.1",
    MARCH.map(() => 5),
  );
  await addMonth(
    accountId,
    "2026-03-01",
    "192.0.2.1",
    MARCH.map(() => 0),
  );
  expect(await ask(accountId, ["2026-02-28", "2026-03-01"])).toEqual([
    { address: "192.0.2.1", counted_failed: 0n },
    { address: "192.0.2.1", counted_failed: 5n },
  ]);
});

test("rows of other accounts, of other months and those that do not meet the condition stay out", async () => {
  const [accountId, other] = [crypto.randomUUID(), crypto.randomUUID()];
  const ones = MARCH.map(() => 1);
  await addMonth(accountId, "2026-03-01", "192.0.2.1", ones);
  await addMonth(accountId, "2026-03-01", "192.0.2.2", ones);
  await addMonth(accountId, "2026-04-01", "192.0.2.1", ones);
  await addMonth(other, "2026-03-01", "192.0.2.1", ones);
  const only = Prisma.sql`sending_mta_ip = '192.0.2.1'`;
  expect(await ask(accountId, ["2026-03-05"], only)).toEqual([{ address: "192.0.2.1", counted_failed: 1n }]);
});

test("an array of a month has 31 figures: those of the days named, and for all other days the other", async () => {
  const days = { month: "2026-03-01", days: ["2026-03-02", "2026-03-31"] };
  const array = monthArray(
    days,
    (day) => Prisma.sql`${day}::date - date '2026-03-01'`,
    (place) => Prisma.sql`-${place}`,
  );
  const [row] = await database.reports.$queryRaw<{ figures: bigint[] }[]>`select ${array} as figures`;
  const expected = MARCH.map((day) => (day === 2 ? 1 : day === 31 ? 30 : -day));
  expect(row?.figures.map(Number)).toEqual(expected);
});
