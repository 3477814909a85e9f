import fc from "fast-check";
import { expect, test } from "vitest";
import { wilsonBounds } from "./wilson-bounds.ts";

test.each([
  [0, 300, 0, 0.0126],
  [0, 40, 0, 0.0876],
  [5, 10, 0.2366, 0.7634],
  [10, 10, 0.7225, 1],
  [0, 0, 0, 1],
])("%d of %d lies between %d and %d", (hits, total, low, high) => {
  const bounds = wilsonBounds(hits, total);
  expect(bounds.low).toBeCloseTo(low, 4);
  expect(bounds.high).toBeCloseTo(high, 4);
});

test("the interval holds the share that was seen, and shrinks with more sessions", () => {
  const counts = fc.tuple(fc.nat(1_000), fc.integer({ min: 1, max: 1_000 }));
  fc.assert(
    fc.property(counts, ([failed, others]) => {
      const total = failed + others;
      const { low, high } = wilsonBounds(failed, total);
      expect(low).toBeLessThanOrEqual(failed / total);
      expect(high).toBeGreaterThanOrEqual(failed / total);
      const more = wilsonBounds(failed * 10, total * 10);
      expect(more.high - more.low).toBeLessThan(high - low);
    }),
  );
});
