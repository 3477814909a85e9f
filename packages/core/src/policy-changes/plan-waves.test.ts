import { expect, test } from "vitest";
import { planWaves } from "./plan-waves.ts";

test.each([
  [0, []],
  [1, [1]],
  [20, [20]],
  [21, [5, 5, 11]],
  [197, [5, 40, 152]],
  [1_000, [5, 200, 795]],
])("%i domains that begin to enforce go in waves of %j", (count, sizes) => {
  const waves = planWaves(count);
  const found = [0, 1, 2].map((wave) => waves.filter((one) => one === wave).length);
  expect(found.filter((size) => size > 0)).toEqual(sizes);
});
