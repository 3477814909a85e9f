import { expect, test } from "vitest";
import { createLimiter } from "./create-limiter.ts";

test("never more than the limit run, all run in order, also after one fails", async () => {
  const limit = createLimiter(2);
  const started: number[] = [];
  let running = 0;
  let most = 0;
  const tasks = [0, 1, 2, 3, 4, 5].map((number) =>
    limit(async () => {
      started.push(number);
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      if (number === 1) throw new Error("one fails");
      return number;
    }),
  );
  const results = await Promise.allSettled(tasks);
  expect(results.map(({ status }) => status === "fulfilled")).toEqual([true, false, true, true, true, true]);
  expect(started).toEqual([0, 1, 2, 3, 4, 5]);
  expect(most).toBe(2);
});
