import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { createLogger } from "./create-logger.ts";
import { startServiceClock } from "./start-service-clock.ts";
import { DAY_MS } from "./time-spans.ts";

const DATABASE_MS = Date.parse("2026-05-01T12:00:00Z");

/** A database and a machine whose clocks can be set; time passes only when `pass` is called. */
function createScene(aheadMs = 0, { isAtFirstAway = false } = {}) {
  let [passedMs, stepMs, databaseStepMs, isAway] = [0, aheadMs, 0, isAtFirstAway];
  const compared: { state: string; steppedMs: number }[] = [];
  const registry = new Registry();
  const clock = startServiceClock({
    askTimeMs: async () => {
      if (isAway) throw new Error("away");
      return DATABASE_MS + databaseStepMs + passedMs;
    },
    logger: createLogger("test", "silent"),
    registry,
    machineMs: () => DATABASE_MS + stepMs + passedMs,
    steadyMs: () => 7_000 + passedMs,
    onCompared: (comparison) => compared.push(comparison),
  });
  return {
    clock,
    compared,
    registry,
    isoNow: () => clock.now().toISOString(),
    pass: (ms: number) => {
      passedMs += ms;
    },
    setMachine: (ms: number) => {
      stepMs = ms;
    },
    stepDatabase: (ms: number) => {
      databaseStepMs += ms;
    },
    setAway: (away: boolean) => {
      isAway = away;
    },
  };
}

test.each([450 * DAY_MS, 100 * DAY_MS, 0, -DAY_MS])(
  "a machine that is %i ms ahead goes by the database's time",
  async (aheadMs) => {
    const { clock, isoNow, pass, setMachine } = createScene(aheadMs);
    expect(await clock.compare()).toBe(true);
    expect(isoNow()).toBe("2026-05-01T12:00:00.000Z");
    expect([clock.state(), clock.aheadMs()]).toEqual([aheadMs === 0 ? "right" : "wrong", aheadMs]);
    pass(90_000);
    setMachine(aheadMs + 3_600_000);
    expect(isoNow()).toBe("2026-05-01T12:01:30.000Z");
    clock.stop();
  },
);

test.each([
  [4_900, "right"],
  [-4_900, "right"],
  [5_100, "off"],
  [-5_100, "off"],
  [59_900, "off"],
  [60_100, "wrong"],
  [-60_100, "wrong"],
])("%i ms ahead is %s", async (aheadMs, state) => {
  const { clock, registry } = createScene(aheadMs);
  await clock.compare();
  expect(clock.state()).toBe(state);
  expect(await registry.metrics()).toContain(`waxseal_clock_ahead_seconds ${aheadMs / 1_000}\n`);
  clock.stop();
});

test("a clock that is set right again is right at the next comparison", async () => {
  const { clock, setMachine } = createScene(450 * DAY_MS);
  await clock.compare();
  setMachine(0);
  await clock.compare();
  expect(clock.state()).toBe("right");
  clock.stop();
});

test("without the database, time goes on from the last comparison, and at first from the machine's clock at start", async () => {
  const { clock, isoNow, pass, setAway, setMachine } = createScene(DAY_MS, { isAtFirstAway: true });
  await clock.compare();
  setMachine(9 * DAY_MS);
  pass(1_000);
  expect([isoNow(), clock.state()]).toEqual(["2026-05-02T12:00:01.000Z", "unknown"]);
  setAway(false);
  await clock.compare();
  setAway(true);
  pass(1_000);
  expect(await clock.compare()).toBe(false);
  expect(isoNow()).toBe("2026-05-01T12:00:02.000Z");
  clock.stop();
});

test("a step of the database's time is reported with its size", async () => {
  const { clock, compared, pass, stepDatabase } = createScene();
  await clock.compare();
  pass(60_000);
  stepDatabase(-7_200_000);
  await clock.compare();
  expect(compared).toMatchObject([
    { state: "right", steppedMs: 0 },
    { state: "wrong", steppedMs: -7_200_000 },
  ]);
  clock.stop();
});
