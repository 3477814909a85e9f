import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { listServingChanges } from "./list-serving-changes.ts";
import { recordServingChange } from "./record-serving-change.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

test("a reader of the feed never meets an older change after a newer one, however transactions overlap", async () => {
  const { db } = database;
  const at = new Date("2026-01-01T00:00:00Z");
  const seen: bigint[] = [];
  let writing = true;
  const reader = (async () => {
    while (writing) {
      const { changes } = await listServingChanges(db, seen.at(-1) ?? 0n, 100);
      seen.push(...changes.map((change) => change.seq));
    }
  })();
  await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      db.$transaction(
        async (transaction) => {
          await recordServingChange(transaction, "policy", `example-${index}.com`, at);
          await transaction.$queryRaw`select pg_sleep(${(index % 3) / 200})::text`;
        },
        { maxWait: 20_000, timeout: 20_000 },
      ),
    ),
  );
  writing = false;
  await reader;
  const { changes } = await listServingChanges(db, seen.at(-1) ?? 0n, 100);
  seen.push(...changes.map((change) => change.seq));
  expect(seen).toHaveLength(40);
  expect(seen).toEqual([...seen].sort((a, b) => Number(a - b)));
});
