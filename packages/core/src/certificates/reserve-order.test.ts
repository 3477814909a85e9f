import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { MINUTE_MS } from "@waxseal/runtime/time-spans";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { createContext, jobActor } from "../context.ts";
import { findCaLimits } from "./known-cas.ts";
import type { OrderLane } from "./order-lane.ts";
import { countFailedValidation, reserveOrder } from "./reserve-order.ts";

const DIRECTORY = "https://acme-v02.api.letsencrypt.org/directory";
let database: TestDatabase;
let nowMs: number;

beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.db.acmeUse.deleteMany();
  nowMs = Date.parse("2026-05-01T00:00:00Z");
});

const ctx = () => createContext({ db: database.db, now: () => new Date(nowMs) }, "a1", jobActor("test"));
const reserve = (host: string, lane: OrderLane = "normal", kind: "order" | "renewal" = "order") =>
  reserveOrder(ctx(), { directoryUrl: DIRECTORY, host, lane, kind });
const use = (count: number, host: (index: number) => string, slow = false) =>
  database.db.acmeUse.createMany({
    data: Array.from({ length: count }, (_, index) => ({
      directoryUrl: DIRECTORY,
      kind: "order" as const,
      host: host(index),
      registeredDomain: host(index).split(".").slice(-2).join("."),
      slow,
      at: new Date(nowMs),
    })),
  });

test("three hundred orders in three hours: nine tenths for all, the rest for emergencies, until the window has passed", async () => {
  await use(270, (index) => `mta-sts.d${index}.com`);
  const held = await reserve("mta-sts.next.com");
  expect(held?.heldUntil).toEqual(new Date(nowMs + 181 * MINUTE_MS));
  expect(await reserve("mta-sts.urgent.com", "emergency")).toBeUndefined();
  nowMs += 181 * MINUTE_MS;
  expect(await reserve("mta-sts.next.com")).toBeUndefined();
});

test("failing names together get a tenth, and healthy ones do not wait for them", async () => {
  await use(30, (index) => `mta-sts.d${index}.com`, true);
  expect(await reserve("mta-sts.failing.com", "slow")).toBeDefined();
  expect(await reserve("mta-sts.healthy.com")).toBeUndefined();
});

test("per registered domain and per host, and another CA's uses do not count", async () => {
  await use(45, (index) => `h${index}.big.com`);
  expect(await reserve("mta-sts.big.com")).toBeDefined();
  expect(await reserve("mta-sts.small.com")).toBeUndefined();
  await use(4, () => "mta-sts.again.com");
  expect(await reserve("mta-sts.again.com")).toBeDefined();
  const elsewhere = { directoryUrl: "https://ca.example/dir", host: "mta-sts.again.com" } as const;
  expect(await reserveOrder(ctx(), { ...elsewhere, lane: "normal", kind: "order" })).toBeUndefined();
});

test("RFC 9773 §5: a renewal is exempt from the limits on orders, but never renewed without end", async () => {
  await use(300, (index) => `mta-sts.d${index}.com`);
  for (let round = 0; round < 4; round++) {
    expect(await reserve("mta-sts.renewed.com", "normal", "renewal")).toBeUndefined();
  }
  expect(await reserve("mta-sts.renewed.com", "normal", "renewal")).toBeDefined();
});

test("four failed validations in an hour, and the name waits for the hour to pass", async () => {
  const host = "mta-sts.wrong.com";
  for (let round = 0; round < 4; round++) {
    await countFailedValidation(database.db, { directoryUrl: DIRECTORY, host, at: new Date(nowMs) });
  }
  expect((await reserve(host))?.heldUntil).toEqual(new Date(nowMs + 61 * MINUTE_MS));
});

test("workers that reserve at the same time stay within the limit together", async () => {
  const limits = findCaLimits(DIRECTORY);
  if (!limits) throw new Error("no limits");
  const few = { ...limits, ordersPerAccount: { count: 10, windowMs: 3_600_000 } };
  const all = await Promise.all(
    Array.from({ length: 25 }, (_, index) =>
      reserveOrder(ctx(), {
        directoryUrl: DIRECTORY,
        host: `mta-sts.d${index}.com`,
        lane: "normal",
        kind: "order",
        limits: few,
      }),
    ),
  );
  expect(all.filter((held) => held === undefined)).toHaveLength(9);
  expect(await database.db.acmeUse.count()).toBe(9);
});

test("an order that is held back says which limit of the CA, how much of it is used, and when it is free again", async () => {
  const reasonOf = async (host: string, lane: OrderLane = "normal") => (await reserve(host, lane))?.reason;
  const next = (at: string) => `The next is free at ${at} UTC. Nothing for you to do.`;
  const ca = "The certificate authority (acme-v02.api.letsencrypt.org) allows";
  await use(4, () => "mta-sts.again.com");
  expect(await reasonOf("mta-sts.again.com")).toBe(
    `${ca} 5 certificates for mta-sts.again.com in 7 days; 4 are used and we keep 1 for emergencies. ${next("8 May 2026, 00:01")}`,
  );
  await use(45, (index) => `h${index}.big.com`);
  expect(await reasonOf("mta-sts.big.com")).toBe(
    `${ca} 50 certificates for the domain big.com and all names below it in 7 days; 45 are used and we keep 5 for emergencies. ${next("8 May 2026, 00:01")}`,
  );
  await use(30, (index) => `mta-sts.s${index}.com`, true);
  expect(await reasonOf("mta-sts.failing.com", "slow")).toBe(
    `${ca} 300 new certificates in 3 hours; 30 of them are for names that failed before, and those are used up. ${next("1 May 2026, 03:01")}`,
  );
  await use(221, (index) => `mta-sts.d${index}.com`);
  expect(await reasonOf("mta-sts.urgent.com", "emergency")).toBe(
    `${ca} 300 new certificates in 3 hours; all of them are used. ${next("1 May 2026, 03:01")}`,
  );
  const host = "mta-sts.wrong.com";
  for (let round = 0; round < 5; round++) {
    await countFailedValidation(database.db, { directoryUrl: DIRECTORY, host, at: new Date(nowMs) });
  }
  await database.db.acmeUse.deleteMany({ where: { kind: "order" } });
  expect(await reasonOf(host, "emergency")).toBe(
    `${ca} 5 failed validations for mta-sts.wrong.com in an hour; all of them are used. ${next("1 May 2026, 01:01")}`,
  );
});
