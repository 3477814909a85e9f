import { expect, test } from "vitest";
import { nextMxLookAt, nextMxProbeAt, type WatchedMode } from "./next-mx-look.ts";

const DAY_MINUTES = 1_440;
const DOMAINS = 50_000;
/** Domains do not wait for one another, so that a tenth of them says as much. */
const SAMPLE = 10;
const HOSTS = 20_000;

/** Numbers that look random and are the same in each run. */
function createRandom(): () => number {
  let state = 42;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

/** What is done in each minute of the second day, when everything was due at once at the start of the first. */
function simulate(
  count: number,
  {
    atMost,
    next,
    costOf = () => 1,
  }: { atMost: number; next: (now: Date, index: number) => Date; costOf?: (index: number) => number },
): { perMinute: number[]; latestMinutes: number } {
  const due: number[][] = [Array.from({ length: count }, (_, index) => index)];
  const dueAt = new Float64Array(count);
  const perMinute: number[] = [];
  let queue: number[] = [];
  let latestMinutes = 0;
  for (let minute = 0; minute < 2 * DAY_MINUTES; minute += 1) {
    queue = queue.concat(due[minute] ?? []);
    due[minute] = [];
    let cost = 0;
    let taken = 0;
    while (taken < queue.length && cost < atMost) cost += costOf(queue[taken++] ?? 0);
    const done = queue.slice(0, taken);
    queue = queue.slice(taken);
    for (const index of done) {
      if (minute >= DAY_MINUTES) latestMinutes = Math.max(latestMinutes, minute - (dueAt[index] ?? 0));
      const at = Math.ceil(next(new Date(minute * 60_000), index).getTime() / 60_000);
      dueAt[index] = at;
      const later = due[at] ?? [];
      due[at] = later;
      later.push(index);
    }
    if (minute >= DAY_MINUTES) perMinute.push(cost);
  }
  return { perMinute, latestMinutes };
}

/** A fifth enforces, a fifth has no policy that matters, the others test. */
const modeOf = (index: number): WatchedMode =>
  index % 5 === 0 ? "enforce" : index % 5 === 1 ? "none" : "testing";
const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);

test("a day of 50,000 domains is 20 MX look-ups a second, spread over the day", () => {
  const random = createRandom();
  const { perMinute } = simulate(DOMAINS / SAMPLE, {
    atMost: Number.POSITIVE_INFINITY,
    next: (now, index) => nextMxLookAt(now, { mode: modeOf(index), isUncounted: false }, random()),
  });
  expect((sum(perMinute) * SAMPLE) / 86_400).toBeCloseTo(19.5, 0);
  expect((Math.max(...perMinute) * SAMPLE) / 60).toBeLessThan(60);
});

/** Of ten hosts seven have one address, two have two, and one has four of each family. */
const addressesOf = (index: number) => (index % 10 < 7 ? 1 : index % 10 < 9 ? 2 : 8);
/** Connections of a test that a minute has besides those kept free for people. */
const CONNECTIONS = 50;

/** A day of tests of 20,000 hosts; each connects to every address, and one in four asks for the other kind of certificate too. */
function simulateProbes(modeOfHost: (index: number) => WatchedMode, atMost = CONNECTIONS) {
  const random = createRandom();
  const looks = { confirmedState: "good", looksGood: 9 };
  let probes = 0;
  const { perMinute, latestMinutes } = simulate(HOSTS, {
    atMost,
    costOf: (index) => addressesOf(index) + (random() < 0.25 ? 1 : 0),
    next: (now, index) => {
      if (now.getTime() >= DAY_MINUTES * 60_000) probes += 1;
      return nextMxProbeAt(now, { mode: modeOfHost(index), state: "good", looks }, random());
    },
  });
  return { most: Math.max(...perMinute), latestMinutes, probes };
}

test("20,000 MX hosts of mixed domains, a tenth with eight addresses, are tested in time with 50 connections a minute", () => {
  const { most, latestMinutes } = simulateProbes(modeOf);
  expect(most).toBeLessThan(CONNECTIONS + 9);
  expect(latestMinutes).toBeLessThan(60);
});

test("when all 20,000 enforce each is still tested at least once a day, and none waits longer than the others", () => {
  const { latestMinutes, probes } = simulateProbes(() => "enforce");
  expect(probes / HOSTS).toBeGreaterThan(1);
  expect(latestMinutes).toBeLessThan(DAY_MINUTES);
});

test("when all 20,000 enforce, a limit of 150 connections a minute tests each four times a day, in time", () => {
  const { latestMinutes, probes } = simulateProbes(() => "enforce", 140);
  expect(probes / HOSTS).toBeGreaterThan(3.9);
  expect(latestMinutes).toBeLessThan(60);
});
