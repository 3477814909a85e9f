import { inSqlTransaction, sqlDatabase } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestAccount } from "../../../testing/create-test-report.ts";
import { noteSignerDays, type SignerDay } from "./note-signers.ts";
import { settleClaims } from "./settle-claims.ts";

const DAY = "2026-03-14";
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

const newAccount = async () =>
  (await createTestAccount(database.db, () => new Date(`${DAY}T06:00:00Z`))).accountId;
const signer = (accountId: string, more: Partial<SignerDay> = {}): SignerDay => ({
  ...{ accountId, nameKey: "sender", domain: "sender.example", isListed: false, day: DAY },
  ...more,
});
const note = (...days: SignerDay[]) =>
  inSqlTransaction(database.db, (sql) => noteSignerDays(sql, days), { timeoutMs: 15_000 });
const daysOf = async (accountId: string) =>
  (await database.db.reporterSigner.findMany({ where: { accountId }, orderBy: { nameKey: "asc" } })).map(
    ({ nameKey, days }) => `${nameKey} ${days}`,
  );

test("a day counts once, however many reports arrive on it and in whatever order days are noted", async () => {
  const accountId = await newAccount();
  await note(signer(accountId), signer(accountId));
  await note(signer(accountId));
  await note(signer(accountId, { day: "2026-03-16" }), signer(accountId, { day: "2026-03-15" }));
  await note(signer(accountId, { day: "2026-03-15" }));
  expect(await daysOf(accountId)).toEqual(["sender 3"]);
});

test("two transactions that note the same new day at once count it once", async () => {
  const accountId = await newAccount();
  await note(signer(accountId));
  const next = signer(accountId, { day: "2026-03-15" });
  let second: Promise<unknown> | undefined;
  await inSqlTransaction(
    database.db,
    async (sql) => {
      await noteSignerDays(sql, [next]);
      second = note(next);
      // The second waits for the row that the first has changed.
      await expect
        .poll(async () => {
          const [row] = await sqlDatabase(database.db).$queryRaw<{ n: number }[]>`
          select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
          return row?.n;
        })
        .toBeGreaterThan(0);
    },
    { timeoutMs: 15_000 },
  );
  await second;
  expect(await daysOf(accountId)).toEqual(["sender 2"]);
});

test("an account with 1,000 signers takes no new one; those it has count on, and other accounts are not full", async () => {
  const [accountId, other] = [await newAccount(), await newAccount()];
  await sqlDatabase(database.db).$executeRaw`
    insert into reporter_signer (account_id, name_key, domain, is_listed, days, first_day, last_day)
    select ${accountId}, 'n', 'd' || n || '.example', false, 1, ${DAY}::date, ${DAY}::date from generate_series(1, 999) n`;
  await note(signer(accountId, { nameKey: "thousandth" }));
  await note(signer(accountId, { nameKey: "late", domain: "late.example" }), signer(other));
  await note(signer(accountId, { nameKey: "n", domain: "d7.example", day: "2026-03-15" }));
  expect(await database.db.reporterSigner.count({ where: { accountId } })).toBe(1_000);
  expect(await daysOf(other)).toEqual(["sender 1"]);
  const where = { accountId_nameKey_domain: { accountId, nameKey: "n", domain: "d7.example" } };
  expect(await database.db.reporterSigner.findUnique({ where })).toMatchObject({ days: 2 });
});

test("a claim is believed only in the account where its name and domain are known", async () => {
  const [accountId, other] = [await newAccount(), await newAccount()];
  await note(signer(accountId), signer(other), signer(accountId, { nameKey: "new", domain: "new.example" }));
  await database.db.reporterSigner.updateMany({
    where: { accountId, nameKey: "sender" },
    data: { knownAt: new Date(`${DAY}T00:00:00Z`) },
  });
  const claiming = (id: string, nameKey: string, domain: string) => ({
    message: { accountId: id },
    parsed: [{ trust: "aligned" as const, claim: { nameKey, domain } }],
  });
  const messages = [
    claiming(accountId, "sender", "sender.example"),
    claiming(accountId, "sender", "evil.example"),
    claiming(accountId, "new", "new.example"),
    claiming(other, "sender", "sender.example"),
    { message: { accountId }, parsed: [{ trust: "aligned" as const, claim: null }] },
  ];
  await settleClaims(sqlDatabase(database.db), messages);
  expect(messages.map(({ parsed }) => parsed[0]?.trust)).toEqual([
    ...["aligned", "signed", "signed", "signed", "aligned"],
  ]);
});
