import fc from "fast-check";
import { expect, test } from "vitest";
import { cacheHorizonAt } from "./cache-horizon-at.ts";

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1_000);
const version = (maxAgeSeconds: number, published: number | null, lastServed: number | null) => ({
  maxAgeSeconds,
  publishedAt: published === null ? null : at(published),
  lastServedAt: lastServed === null ? null : at(lastServed),
});

test("RFC 8461 §8.3: an older version with a larger max_age decides", () => {
  const versions = [version(86_400, 200, null), version(86_400, 100, 200), version(31_557_600, 0, 100)];
  expect(cacheHorizonAt(versions)).toEqual(at(100 + 31_557_600));
});

test("a version replaced before the first id was published has no horizon", () => {
  expect(cacheHorizonAt([version(86_400, 500, null), version(31_557_600, null, 100)])).toBeNull();
});

test("a version served beside an older id could be fetched, though its own id never was published", () => {
  expect(cacheHorizonAt([version(60, 500, null), version(1_000, null, 400), version(60, 0, 300)])).toEqual(
    at(1_400),
  );
});

test("RFC 8461 §8.3: no sender can hold a policy past the horizon, whenever it fetched it", () => {
  const step = fc.record({
    servedSeconds: fc.integer({ min: 1, max: 1_000 }),
    maxAgeSeconds: fc.integer({ min: 1, max: 5_000 }),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), fc.nat(), (steps, pick) => {
      let time = 0;
      const versions = steps.map(({ servedSeconds, maxAgeSeconds }) => {
        const served = { from: time, until: time + servedSeconds, maxAgeSeconds };
        time += servedSeconds;
        return served;
      });
      const fetchAt = pick % time;
      const fetched = versions.find(({ from, until }) => fetchAt >= from && fetchAt <= until);
      const horizon = cacheHorizonAt(
        versions.map(({ from, until, maxAgeSeconds }) => version(maxAgeSeconds, from, until)),
      );
      expect(horizon?.getTime()).toBeGreaterThanOrEqual(
        at(fetchAt + (fetched?.maxAgeSeconds ?? 0)).getTime(),
      );
    }),
  );
});
