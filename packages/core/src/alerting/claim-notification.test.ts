import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { claimNotification } from "./claim-notification.ts";

const NOW = new Date("2026-03-10T12:00:00Z");
const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000);
const INCIDENT = randomUUID();
const [CHANNEL, OTHER] = [randomUUID(), randomUUID()];

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
beforeEach(() => database.db.notification.deleteMany());
afterAll(() => database.drop());

/** A waiting message; what is not given is due now, for one channel about one incident. */
async function add(kind: string, changes: object = {}): Promise<string> {
  const id = randomUUID();
  const data = {
    accountId: "a1",
    id,
    kind,
    incidentId: INCIDENT,
    channelId: CHANNEL,
    createdAt: NOW,
    nextAt: NOW,
  };
  await database.db.notification.create({ data: { ...data, ...changes } });
  return id;
}
const claim = async (now = NOW) => (await claimNotification(database.db, now))?.id;

test("a message is taken once, when it is due", async () => {
  const id = await add("opened", { nextAt: at(10) });
  expect(await claim(at(9))).toBeUndefined();
  expect(await claim(at(10))).toBe(id);
  expect(await claim(at(10))).toBeUndefined();
});

test("many processes at once never take one message twice", async () => {
  const ids = await Promise.all(Array.from({ length: 6 }, () => add("opened", { incidentId: randomUUID() })));
  const taken = await Promise.all(Array.from({ length: 12 }, () => claim()));
  const got = taken.filter((id) => id !== undefined);
  expect(new Set(got).size).toBe(got.length);
  for (let more = await claim(); more !== undefined; more = await claim()) got.push(more);
  expect(got.toSorted()).toEqual(ids.toSorted());
});

test("a message claimed by a killed process becomes due when its lease expires, and may have arrived", async () => {
  const id = await add("opened");
  expect(await claimNotification(database.db, NOW)).toMatchObject({ id, attempts: 1, mayHaveArrived: false });
  expect(await claim(at(119))).toBeUndefined();
  expect(await claimNotification(database.db, at(120))).toMatchObject({
    id,
    attempts: 2,
    mayHaveArrived: true,
  });
});

test("the end of an incident waits for its beginning, also while that is sent or retried", async () => {
  const opened = await add("opened", { createdAt: at(-60), nextAt: at(300) });
  const resolved = await add("resolved", { createdAt: at(-30) });
  expect(await claim()).toBeUndefined();
  expect(await claim(at(300))).toBe(opened);
  expect(await claim(at(301))).toBeUndefined();
  await database.db.notification.updateMany({ where: { id: opened }, data: { state: "sent" } });
  expect(await claim(at(301))).toBe(resolved);
});

test.each([
  ["another channel", { channelId: OTHER }],
  ["a person", { channelId: null, userId: "u1" }],
  ["another incident", { incidentId: randomUUID() }],
  ["another account", { accountId: "a2" }],
])("%s is not held up by a receiver that does not answer", async (_name, changes) => {
  await add("opened", { createdAt: at(-60), nextAt: at(3_600) });
  const other = await add("resolved", changes);
  expect(await claim()).toBe(other);
});

test("each person gets the end after the beginning that was meant for them", async () => {
  const to = (userId: string) => ({ channelId: null, userId });
  await add("opened", { ...to("u1"), createdAt: at(-60), nextAt: at(3_600) });
  await add("resolved", to("u1"));
  const other = await add("resolved", to("u2"));
  expect([await claim(), await claim()]).toEqual([other, undefined]);
});

test("a reminder that waits holds nothing up", async () => {
  await add("reminder", { createdAt: at(-60), nextAt: at(3_600) });
  const resolved = await add("resolved");
  expect(await claim()).toBe(resolved);
});

test.each(["sent", "given_up", "dropped"])(
  "a message that is %s is not taken, and holds nothing up",
  async (state) => {
    await add("opened", { createdAt: at(-60), state });
    const next = await add("resolved");
    expect([await claim(), await claim()]).toEqual([next, undefined]);
  },
);

test("the message that is due longest comes first", async () => {
  const later = await add("opened", { nextAt: at(-10), incidentId: randomUUID() });
  const first = await add("opened", { nextAt: at(-20), incidentId: randomUUID() });
  expect([await claim(), await claim()]).toEqual([first, later]);
});
