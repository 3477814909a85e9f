import { expect, test } from "vitest";
import { createBatchedLookUp } from "./create-batched-look-up.ts";

test("a flood of unknown keys is one query at a time, and a known one among them is found", async () => {
  const queries: (readonly string[])[] = [];
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const lookUp = createBatchedLookUp(async (keys) => {
    queries.push(keys);
    await gates[queries.length - 1]?.promise;
    return new Map([["known", 1]]);
  });
  const first = lookUp("x");
  await Promise.resolve();
  const strangers = Array.from({ length: 500 }, (_, index) => lookUp(`stranger ${index % 100}`));
  const known = lookUp("known");
  expect(queries).toEqual([["x"]]);
  for (const gate of gates) gate.resolve();
  expect(await first).toBeUndefined();
  expect(await known).toBe(1);
  expect(new Set(await Promise.all(strangers))).toEqual(new Set([undefined]));
  expect(queries.map((keys) => keys.length)).toEqual([1, 101]);
});

test("a query that fails fails those who asked, and the next is tried again", async () => {
  let isAway = true;
  const lookUp = createBatchedLookUp(async () => {
    if (isAway) throw new Error("away");
    return new Map([["known", 1]]);
  });
  await expect(lookUp("known")).rejects.toThrow("away");
  isAway = false;
  expect(await lookUp("known")).toBe(1);
});
