import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { findLaggingNodes } from "./find-lagging-nodes.ts";
import {
  followServingChanges,
  type ServingFollower,
  type ServingNodeDeps,
} from "./follow-serving-changes.ts";
import { recordServingChange } from "./record-serving-change.ts";
import { LEASE_MS } from "./renew-serving-lease.ts";

let database: TestDatabase;
let follower: ServingFollower | undefined;
let clockMs = 0;
const now = () => new Date(clockMs);

beforeEach(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  clockMs = Date.parse("2026-01-01T00:00:00Z");
});
afterEach(async () => {
  await follower?.stop();
  await database.drop();
});

/** Remembers which keys were read, and "*" for everything. */
function follow(changes: Partial<ServingNodeDeps> = {}): string[] {
  const taken: string[] = [];
  follower = followServingChanges({
    db: database.db,
    databaseUrl: database.databaseUrl,
    kind: "policy",
    now,
    startSeq: undefined,
    readAll: async () => () => void taken.push("*"),
    readChanged: async (found) => () => void taken.push(...found.map(({ key }) => key)),
    onLost: () => undefined,
    ...changes,
  });
  return taken;
}

const record = (key: string) =>
  database.db.$transaction((transaction) => recordServingChange(transaction, "policy", key, now()));

test("everything is read once, then each change as it is announced, and the node says so", async () => {
  await record("before.example");
  const taken = follow();
  await expect.poll(() => taken).toEqual(["*"]);
  const seq = await record("after.example");
  await expect.poll(() => taken).toEqual(["*", "after.example"]);
  await expect.poll(() => findLaggingNodes(database.db, "policy", seq)).toEqual({ lagging: [], alive: 1 });
  expect(follower?.behind()).toBeUndefined();
});

test("a node does not say it has seen a change before that has taken effect", async () => {
  let release: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const taken = follow({
    readChanged: async (found) => {
      await gate;
      return () => void taken.push(...found.map(({ key }) => key));
    },
  });
  await expect.poll(() => taken).toEqual(["*"]);
  const seq = await record("slow.example");
  await new Promise((resolve) => setImmediate(resolve));
  expect((await findLaggingNodes(database.db, "policy", seq)).lagging).toHaveLength(1);
  release();
  await expect.poll(async () => (await findLaggingNodes(database.db, "policy", seq)).lagging).toEqual([]);
  expect(taken).toEqual(["*", "slow.example"]);
});

test("a node that was away longer than its lease is behind until it has caught up", async () => {
  const taken = follow();
  await expect.poll(() => taken).toEqual(["*"]);
  await expect.poll(() => follower?.isConnected()).toBe(true);
  clockMs += LEASE_MS;
  const caughtUp = follower?.behind();
  expect(caughtUp).toBeInstanceOf(Promise);
  await caughtUp;
  expect(follower?.behind()).toBeUndefined();
});

test("a clock that is set back does not lengthen the lease, nor does one that stops while the machine sleeps", async () => {
  let steadyMs = 0;
  const taken = follow({ steadyMs: () => steadyMs });
  await expect.poll(() => taken).toEqual(["*"]);
  await expect.poll(() => follower?.isConnected()).toBe(true);
  clockMs -= 3_600_000;
  expect(follower?.behind()).toBeUndefined();
  steadyMs += LEASE_MS;
  expect(follower?.isConnected()).toBe(false);
  await follower?.behind();
  expect(follower?.behind()).toBeUndefined();
  clockMs += LEASE_MS;
  expect(follower?.isConnected()).toBe(false);
  expect(follower?.behind()).toBeInstanceOf(Promise);
});

test("a node keeps answering without the database after its first attempt to reach it", async () => {
  let broken = false;
  const losses: Error[] = [];
  const taken = follow({
    readChanged: async () => {
      if (broken) throw new Error("down");
      return () => undefined;
    },
    onLost: (error) => void losses.push(error),
  });
  await expect.poll(() => taken).toEqual(["*"]);
  await expect.poll(() => follower?.isConnected()).toBe(true);
  broken = true;
  await record("unread.example");
  clockMs += LEASE_MS;
  await follower?.behind();
  // Not the promise itself: the poll would wait for it.
  await expect.poll(() => follower?.behind() === undefined).toBe(true);
  expect(follower?.isConnected()).toBe(false);
  expect(losses).toHaveLength(1);
});

test("the feed updates the memory of an earlier run, and a full read checks it afterwards", async () => {
  const seq = await record("kept.example");
  await record("missed.example");
  const taken = follow({ startSeq: seq });
  await expect.poll(() => taken).toEqual(["missed.example", "*"]);
  await follower?.catchUp();
  await follower?.catchUp();
  expect(taken).toEqual(["missed.example", "*"]);
});

test("a feed that was pruned, or ends before what we have seen, makes everything be read again", async () => {
  const seqs = [await record("a.example"), await record("b.example"), await record("c.example")] as const;
  await database.db.servingChange.deleteMany({ where: { seq: { lt: seqs[2] } } });
  const pruned = follow({ startSeq: seqs[0] - 1n });
  await expect.poll(() => pruned).toEqual(["*"]);
  await follower?.stop();
  const restored = follow({ startSeq: seqs[2] + 100n });
  await expect.poll(() => restored).toEqual(["*"]);
});

test("a stopped node is not waited for", async () => {
  const taken = follow();
  await expect.poll(() => taken).toEqual(["*"]);
  await expect.poll(async () => (await findLaggingNodes(database.db, "policy", 0n)).alive).toBe(1);
  await follower?.stop();
  expect(await findLaggingNodes(database.db, "policy", 0n)).toEqual({ lagging: [], alive: 0 });
});
