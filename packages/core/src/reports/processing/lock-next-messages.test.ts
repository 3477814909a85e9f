import { randomUUID } from "node:crypto";
import { inSqlTransaction, type ReportMessageState, reportsOf } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { lockNextByAccount, lockNextMessages } from "./lock-next-messages.ts";

const NOW = new Date("2026-03-10T12:00:00Z");
const ago = (seconds: number) => new Date(NOW.getTime() - seconds * 1_000);

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
beforeEach(() => database.reports.$executeRaw`delete from report_message`);
afterAll(() => database.drop());

type Changes = {
  accountId?: string;
  state?: ReportMessageState;
  attempts?: number;
  processedAt?: Date;
  receivedAt?: Date;
};

async function add(changes: Changes = {}): Promise<string> {
  const id = randomUUID();
  const raw = Buffer.from("message");
  const data = {
    accountId: "a1",
    id,
    transport: "smtp" as const,
    receivedAt: ago(60),
    contentSha256: id,
    raw,
  };
  await database.reports.reportMessage.create({ data: { ...data, ...changes } });
  return id;
}

describe.each([
  ["in one table", lockNextMessages],
  ["distributed by account", lockNextByAccount],
])("%s", (_name, lockNext) => {
  const lock = (batchSize = 10, then: () => Promise<unknown> = async () => undefined) =>
    inSqlTransaction(
      reportsOf(database.db),
      async (sql) => {
        const ids = (await lockNext(sql, NOW, batchSize)).map(({ id }) => id);
        await then();
        return ids;
      },
      { timeoutMs: 60_000 },
    );

  test("the oldest messages come first, up to the requested number", async () => {
    const [third, first, second] = [
      await add({ receivedAt: ago(10) }),
      await add({ receivedAt: ago(30) }),
      await add({ receivedAt: ago(20) }),
    ];
    expect(await lock(2)).toEqual([first, second]);
    expect(await lock(3)).toEqual([first, second, third]);
    expect((await lockSizes())[0]).toBe(7);
  });
  const lockSizes = () =>
    inSqlTransaction(
      reportsOf(database.db),
      async (sql) => (await lockNext(sql, NOW, 10)).map(({ bytes }) => bytes),
      {
        timeoutMs: 60_000,
      },
    );

  test.each(["processed", "duplicate", "quarantined"] as const)(
    "a message that is %s is done",
    async (state) => {
      await add({ state });
      expect(await lock()).toEqual([]);
    },
  );

  test.each([
    [1, 1, false],
    [1, 2, true],
    [2, 3, false],
    [2, 4, true],
    [5, 31, false],
    [5, 32, true],
  ])("after %i attempts, %i s after the last: due %s", async (attempts, seconds, isDue) => {
    const id = await add({ attempts, processedAt: ago(seconds) });
    expect(await lock()).toEqual(isDue ? [id] : []);
  });

  test("messages of several accounts are found together", async () => {
    const ids = await Promise.all(["a1", "a2", "a3"].map((accountId) => add({ accountId })));
    expect((await lock()).toSorted()).toEqual(ids.toSorted());
  });

  test("a process skips messages that another one has locked, without waiting", async () => {
    const first = await add({ receivedAt: ago(30) });
    const second = await add({ receivedAt: ago(20) });
    let meanwhile: string[] = [];
    const own = await lock(1, async () => {
      meanwhile = await lock(1);
    });
    expect([own, meanwhile]).toEqual([[first], [second]]);
  });
});
