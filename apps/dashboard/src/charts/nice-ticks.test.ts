import { expect, test } from "vitest";
import { niceTicks } from "./nice-ticks.ts";

test.each([
  [0, [0, 1]],
  [4, [0, 1, 2, 3, 4]],
  [9, [0, 5, 10]],
  [10, [0, 5, 10]],
  [123, [0, 50, 100, 150]],
  [1_733, [0, 500, 1_000, 1_500, 2_000]],
  [20_646, [0, 10_000, 20_000, 30_000]],
])("an axis up to %d has round whole numbers", (highest, ticks) => {
  expect(niceTicks(highest)).toEqual(ticks);
});
