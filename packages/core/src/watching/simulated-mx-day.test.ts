import { expect, test } from "vitest";
import { nextMxLookAt, nextMxProbeAt, type WatchedMode } from "./next-mx-look.ts";

const DAY_MINUTES = 1_440;
const PER_MINUTE = 60;
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
  { atMost, next }: { atMost: number; next: (now: Date, index: number) => Date },
): { perMinute: number[]; latestMinutes: number } {
  const due: number[][] = [Array.from({ length: count }, (_, index) => index)];
  const dueAt = new Float64Array(count);
  const perMinute: number[] = [];
  let queue: number[] = [];
  let latestMinutes = 0;
  for (let minute = 0; minute < 2 * DAY_MINUTES; minute += 1) {
    queue = queue.concat(due[minute] ?? []);
    due[minute] = [];
    const done = queue.slice(0, atMost);
    queue = queue.slice(atMost);
    for (const index of done) {
      if (minute >= DAY_MINUTES) latestMinutes = Math.max(latestMinutes, minute - (dueAt[index] ?? 0));
      const at = Math.ceil(next(new Date(minute * 60_000), index).getTime() / 60_000);
      dueAt[index] = at;
      const later = due[at] ?? [];
      due[at] = later;
      later.push(index);
    }
    if (minute >= DAY_MINUTES) perMinute.push(done.length);
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

test("the probes of 20,000 MX hosts behind domains that all enforce fit into 60 a minute, less than an hour late", () => {
  const random = createRandom();
  const looks = { confirmedState: "good", looksGood: 9 };
  const { perMinute, latestMinutes } = simulate(HOSTS, {
    atMost: PER_MINUTE,
    next: (now) => nextMxProbeAt(now, { mode: "enforce", state: "good", looks }, random()),
  });
  expect(Math.max(...perMinute)).toBeLessThanOrEqual(PER_MINUTE);
  expect(sum(perMinute) / HOSTS).toBeGreaterThan(3.8);
  expect(latestMinutes).toBeLessThan(60);
});
