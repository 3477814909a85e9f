import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { createLogger } from "@waxseal/runtime";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import { Registry } from "prom-client";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { describeClockDifference } from "./describe-clock-difference.ts";
import { listConditions, raiseCondition } from "./operator-condition.ts";
import { startAppClock } from "./start-app-clock.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

test("the operator sees which machine's clock is wrong, until it is right", async () => {
  const { db } = database;
  let aheadMs = 450 * DAY_MS;
  const clock = startAppClock({
    db,
    app: "worker",
    logger: createLogger("test", "silent"),
    registry: new Registry(),
    machineMs: () => Date.now() + aheadMs,
  });
  await expect.poll(clock.state).toBe("wrong");
  expect(Math.abs(clock.now().getTime() - Date.now())).toBeLessThan(1_000);
  await expect
    .poll(() => listConditions(db))
    .toMatchObject([
      {
        code: "clock",
        subject: expect.stringMatching(/^worker on .+, process \d+$/),
        text: expect.stringMatching(/^The clock of worker on .+ is 450 days ahead of the database's\.$/),
        detail: { aheadSeconds: 450 * 86_400 },
      },
    ]);
  aheadMs = 0;
  await clock.compare();
  await expect.poll(() => listConditions(db)).toEqual([]);
  clock.stop();
});

test("a condition that is no longer seen is over, and starts again with a new time", async () => {
  const { db } = database;
  const condition = { code: "clock", subject: "worker on b", text: "x.", detail: {} } as const;
  await raiseCondition(db, condition);
  await db.$executeRaw`update operator_condition set since = since - interval '2 days', until = clock_timestamp() - interval '1 second'`;
  expect(await listConditions(db)).toEqual([]);
  await raiseCondition(db, condition);
  const [raised] = await listConditions(db);
  expect(Date.now() - (raised?.since.getTime() ?? 0)).toBeLessThan(60_000);
});

test.each([
  [450 * DAY_MS, "450 days ahead of"],
  [-DAY_MS, "24 hours behind"],
  [90_000, "90 seconds ahead of"],
  [-6_200, "6 seconds behind"],
])("%i ms is %s", (aheadMs, words) => {
  expect(describeClockDifference(aheadMs)).toBe(words);
});
