import { expect, test } from "vitest";
import { chooseDirectory } from "./choose-directory.ts";
import { orderRetryDelayMs } from "./order-retry-delay.ts";
import { renewalTime } from "./renewal-time.ts";

const MINUTE = 60_000;

test("a CA is asked later and later: within a minute at first, every six hours in the end", () => {
  const waits = Array.from({ length: 30 }, (_, index) =>
    Math.round(orderRetryDelayMs(index + 1, { code: "ca.unreachable" }) / MINUTE),
  );
  const schedule = [1, 2, 2, 5, 10, 10, 10, 20, 20, 20, 20, 30, 30, 30, 30, 30, 30, 60, 60, 60];
  expect(waits).toEqual([...schedule, 120, 120, 180, 180, 360, 360, 360, 360, 360, 360]);
});

test("our own looks are quick at first, since they cost no CA anything", () => {
  const waits = [1, 2, 3, 4, 5, 6].map((attempts) => orderRetryDelayMs(attempts, { code: "preflight.http" }));
  expect(waits).toEqual([3_000, 5_000, 10_000, 20_000, 30_000, MINUTE]);
});

test("RFC 8555 §6.6: never sooner than the CA asked for", () => {
  expect(orderRetryDelayMs(1, { code: "ca.rateLimited", retryAfterMs: 90 * MINUTE })).toBe(90 * MINUTE);
  expect(orderRetryDelayMs(9, { code: "ca.rateLimited", retryAfterMs: 1_000 })).toBe(20 * MINUTE);
});

test.for([
  ["90 days", 90 * 86_400_000],
  ["160 hours", 160 * 3_600_000],
] as const)(
  "a certificate of %s is renewed with a third of its life left, or a twentieth earlier",
  ([, lifeMs]) => {
    const notBefore = new Date("2026-05-01T00:00:00Z");
    const notAfter = new Date(notBefore.getTime() + lifeMs);
    const left = (random: number) =>
      (notAfter.getTime() - renewalTime({ notBefore, notAfter }, random).getTime()) / lifeMs;
    expect(left(0)).toBeCloseTo(1 / 3);
    expect(left(1)).toBeCloseTo(1 / 3 + 1 / 20);
  },
);

test("the fallback CA is asked only after the first failed on its own side six times, and an order stays where it is", () => {
  const urls = ["https://one.example/dir", "https://two.example/dir"];
  const name = { directoryUrl: null, orderUrl: null, attempts: 0, lastErrorCode: null };
  const choose = (change: Partial<Parameters<typeof chooseDirectory>[0]>) =>
    chooseDirectory({ ...name, ...change }, urls);
  expect(choose({})).toBe(urls[0]);
  expect(choose({ attempts: 5, lastErrorCode: "ca.unreachable" })).toBe(urls[0]);
  expect(choose({ attempts: 6, lastErrorCode: "ca.unreachable" })).toBe(urls[1]);
  expect(choose({ attempts: 7, lastErrorCode: "ca.unreachable" })).toBe(urls[0]);
  expect(choose({ attempts: 9, lastErrorCode: "ca.validation" })).toBe(urls[0]);
  expect(choose({ orderUrl: "https://two.example/1", directoryUrl: urls[1] ?? null })).toBe(urls[1]);
  expect(choose({ orderUrl: "https://old.example/1", directoryUrl: "https://old.example/dir" })).toBe(
    urls[0],
  );
});
