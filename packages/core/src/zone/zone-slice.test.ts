import { HOUR_MS } from "@waxseal/runtime/time-spans";
import { expect, test } from "vitest";
import { newToken } from "../setup-names.ts";
import { COMPARE_EVERY_MS, zoneSlice } from "./zone-slice.ts";

const START_MS = Date.parse("2026-11-24T00:00:00Z");

test.each([
  [100, 1 / 6],
  [2_000, 1 / 6],
  [50_000, 32 / 6],
  [1_000_000, 512 / 6],
])("of %i tokens each has its turn exactly once a pass, which takes %f hours", (tokenCount, hours) => {
  const tokens = Array.from({ length: 2_000 }, newToken);
  const { passMs } = zoneSlice(tokenCount, new Date(START_MS));
  expect(passMs).toBe(hours * HOUR_MS);
  const turns = new Map(tokens.map((token) => [token, 0]));
  let most = 0;
  for (let atMs = START_MS; atMs < START_MS + passMs; atMs += COMPARE_EVERY_MS) {
    const { after, until } = zoneSlice(tokenCount, new Date(atMs));
    const chosen = tokens.filter((token) => token > after && (until === undefined || token < until));
    for (const token of chosen) turns.set(token, (turns.get(token) ?? 0) + 1);
    most = Math.max(most, chosen.length / tokens.length);
  }
  expect(new Set(turns.values())).toEqual(new Set([1]));
  // No run has much more to do than the others.
  if (passMs < 24 * HOUR_MS) expect(most * tokenCount).toBeLessThan(3_500);
});
