import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { recordServingChange } from "../serving/record-serving-change.ts";
import { renewServingLease } from "../serving/renew-serving-lease.ts";
import { createBuiltinPublisher } from "./create-builtin-publisher.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterEach(() => database.drop());

const AT = new Date("2026-01-01T00:00:00Z");
const change = { token: "abcdefghijklmnop", kind: "stsRecord" as const, records: [] };

async function nodeSaw(id: string, seenSeq: bigint): Promise<void> {
  await renewServingLease(database.db, { id, kind: "dns", startedAt: AT, seenSeq });
}

function publisher(deadlineMs: number) {
  return createBuiltinPublisher({ db: database.db, deadlineMs });
}

async function recordChange(): Promise<bigint> {
  return database.db.$transaction((transaction) =>
    recordServingChange(transaction, "record", change.token, AT),
  );
}

test("publishing ends when every live nameserver has seen the change, not before", async () => {
  const seq = await recordChange();
  await nodeSaw("one", seq);
  await nodeSaw("two", seq - 1n);
  let done = false;
  const publishing = publisher(5_000)
    .publish(change)
    .then(() => {
      done = true;
    });
  await expect(publisher(120).publish(change)).rejects.toMatchObject({ code: "unavailable" });
  expect(done).toBe(false);
  await nodeSaw("two", seq);
  await publishing;
});

test("publishing does not wait for a nameserver with an expired lease, but needs at least one nameserver", async () => {
  const seq = await recordChange();
  const leaseUntil = new Date(Date.now() - 1_000);
  await database.db.servingNode.create({
    data: { id: "gone", kind: "dns", startedAt: AT, seenSeq: seq - 1n, leaseUntil },
  });
  await expect(publisher(10).publish(change)).rejects.toMatchObject({ code: "unavailable" });
  await nodeSaw("here", seq);
  await publisher(10).publish(change);
});
