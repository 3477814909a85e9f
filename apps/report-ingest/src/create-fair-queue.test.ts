import { expect, test } from "vitest";
import { createFairQueue } from "./create-fair-queue.ts";

test("a sender with a long queue delays others by one piece, and is refused beyond its share", async () => {
  const queue = createFairQueue(3);
  const done: string[] = [];
  const gate = Promise.withResolvers<void>();
  const work = (name: string) => async () => {
    await gate.promise;
    done.push(name);
  };
  const flood = ["f1", "f2", "f3", "f4", "f5"].map((name) => queue.run("flood", work(name)));
  const other = queue.run("other", work("o1"));
  expect(flood.map((promise) => promise === undefined)).toEqual([false, false, false, false, true]);
  gate.resolve();
  await Promise.all([...flood, other]);
  expect(done).toEqual(["f1", "f2", "o1", "f3", "f4"]);
});

test("work that fails fails its own caller only", async () => {
  const queue = createFairQueue(3);
  await expect(queue.run("a", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await queue.run("a", async () => 1)).toBe(1);
});
