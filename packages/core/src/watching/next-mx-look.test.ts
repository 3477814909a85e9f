import { expect, test } from "vitest";
import { isGoodTestOld, nextMxLookAt, nextMxProbeAt, type WatchedMode } from "./next-mx-look.ts";

const NOW = new Date("2026-11-29T00:00:00Z");
const minutesUntil = (at: Date) => Math.round((at.getTime() - NOW.getTime()) / 60_000);
/** At the earliest, in the middle and at the latest. */
const spread = (next: (random: number) => Date) => [0, 0.5, 1].map((random) => minutesUntil(next(random)));

test.each<[WatchedMode, boolean, number[]]>([
  ["enforce", false, [14, 15, 17]],
  ["testing", false, [54, 60, 66]],
  ["none", false, [324, 360, 396]],
  ["none", true, [10, 11, 11]],
])(
  "MX hosts in mode %s (change not confirmed: %s) are looked up after %s minutes",
  (mode, isUncounted, minutes) => {
    expect(spread((random) => nextMxLookAt(NOW, { mode, isUncounted }, random))).toEqual(minutes);
  },
);

const confirmed = (confirmedState: string, looksGood = 9) => ({ confirmedState, looksGood });
test.each<[string, WatchedMode, "good" | "bad" | "unknown", ReturnType<typeof confirmed>, number]>([
  ["good in enforce: four times a day", "enforce", "good", confirmed("good"), 360],
  ["good in testing: once a day", "testing", "good", confirmed("good"), 1_440],
  ["good in none: once a week", "none", "good", confirmed("good"), 10_080],
  ["good at the first look: no hurry", "testing", "good", confirmed("unknown", 1), 1_440],
  ["bad but not confirmed: again after ten minutes", "testing", "bad", confirmed("good"), 11],
  ["good again but not confirmed: again after ten minutes", "enforce", "good", confirmed("bad", 1), 11],
  ["bad and confirmed", "enforce", "bad", confirmed("bad"), 360],
  ["could not be tested: within the hour", "testing", "unknown", confirmed("good"), 60],
])("an MX host is probed again: %s", (_, mode, state, looks, minutes) => {
  expect(minutesUntil(nextMxProbeAt(NOW, { mode, state, looks }, 0.5))).toBe(minutes);
});

test.each<[WatchedMode, number]>([
  ["enforce", 24],
  ["testing", 72],
  ["none", 504],
])("a good test counts behind mode %s for %d hours", (mode, hours) => {
  const probedAt = new Date(NOW.getTime() - hours * 3_600_000);
  expect(isGoodTestOld(probedAt, mode, NOW)).toBe(false);
  expect(isGoodTestOld(probedAt, mode, new Date(NOW.getTime() + 1))).toBe(true);
});
