import type { FetchedPolicy } from "@waxseal/probes";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createServedFetcher } from "./create-served-fetcher.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const failed: FetchedPolicy = {
  missing: "timeout",
  detail: "no answer",
  status: 0,
  certificate: undefined,
  addresses: [],
  durationMs: 1,
};

test("a policy host is asked once in five seconds, however many look", async () => {
  const asked: string[] = [];
  const fetchServed = createServedFetcher(async (domain) => {
    asked.push(domain);
    return failed;
  });
  await Promise.all([fetchServed("one.example"), fetchServed("one.example"), fetchServed("two.example")]);
  await fetchServed("one.example");
  expect(asked).toEqual(["one.example", "two.example"]);
  await vi.advanceTimersByTimeAsync(5_001);
  await fetchServed("one.example");
  expect(asked).toHaveLength(3);
});

test("no more than 200 domains are asked for at a time", async () => {
  const fetchServed = createServedFetcher(async () => failed);
  for (let index = 0; index < 200; index++) await fetchServed(`d${index}.example`);
  await expect(fetchServed("late.example")).rejects.toMatchObject({ code: "limit_reached" });
  await vi.advanceTimersByTimeAsync(5_001);
  await expect(fetchServed("late.example")).resolves.toMatchObject({ fetched: failed });
});
