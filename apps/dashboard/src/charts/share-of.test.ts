import { expect, test } from "vitest";
import { lowestShown, shareOf } from "./share-of.ts";

test.each([
  [{ successful: 98, failed: 2 }, false, 0.98],
  [{ successful: 0, failed: 3 }, false, 0],
  [{ successful: 5 }, false, 1],
  [{}, false, null],
  [{ successful: 5 }, true, null],
])("the share of %j (gap: %s) is %s", (counts, isGap, share) => {
  expect(shareOf({ counts, isGap })).toBe(share);
});

test.each([
  [[1, null, 1], 0.99],
  [[0.995], 0.99],
  [[0.98, 1], 0.95],
  [[0.3, 1], 0],
  [[], 0.99],
])("an axis for %j begins at %d", (shares, start) => {
  expect(lowestShown(shares)).toBe(start);
});
