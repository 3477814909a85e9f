import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { findNewestServingSeq } from "./find-newest-serving-seq.ts";
import { pruneServingState } from "./prune-serving-state.ts";
import { renewServingLease } from "./renew-serving-lease.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

test("pruning removes old changes, keeps the end of the feed, and removes nodes an hour after their lease", async () => {
  const { db } = database;
  const now = new Date("2026-05-01T12:00:00Z");
  const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);
  await db.$executeRaw`
    insert into serving_change (seq, kind, key, created_at)
    select n, 'policy', 'example.com', ${daysAgo(2)} from generate_series(1, 10005) n`;
  const node = { kind: "dns", startedAt: now, seenSeq: 1n } as const;
  const leaseUntil = new Date(Date.now() - 86_400_000);
  await db.servingNode.create({ data: { ...node, id: "dead", leaseUntil } });
  await renewServingLease(db, { ...node, id: "live" });
  expect(await pruneServingState(db, now)).toMatchObject({ nodes: 1, changes: 4 });
  expect(await findNewestServingSeq(db)).toBe(10_005n);
  expect(await db.servingNode.findMany({ select: { id: true } })).toEqual([{ id: "live" }]);

  await db.$executeRaw`update serving_change set created_at = ${now}`;
  await db.$executeRaw`
    insert into serving_change (seq, kind, key, created_at)
    select n, 'policy', 'example.com', ${now} from generate_series(20001, 20005) n`;
  expect(await pruneServingState(db, now)).toMatchObject({ nodes: 0, changes: 0 });
});

test("fetches and failed handshakes of more than 30 days ago go, younger ones stay", async () => {
  const { db } = database;
  const now = new Date("2026-05-31T12:00:00Z");
  const hours = ["2026-05-01T11:00:00Z", "2026-05-01T12:00:00Z", "2026-05-31T12:00:00Z"];
  for (const hour of hours) {
    const fetch = { accountId: "a", domainId: randomUUID(), version: 1, status: 200, network: "other" };
    await db.policyFetch.create({ data: { ...fetch, hour, fetches: 1 } });
    await db.handshakeFailure.create({ data: { policyHost: "", reason: "unknown-name", hour, failures: 1 } });
  }
  expect(await pruneServingState(db, now)).toMatchObject({ fetches: 1, handshakeFailures: 1 });
  expect([await db.policyFetch.count(), await db.handshakeFailure.count()]).toEqual([2, 2]);
});
