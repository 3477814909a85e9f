import { DAY_MS } from "@waxseal/runtime/time-spans";
import { expect, test } from "vitest";
import { createDailyBudget } from "./create-daily-budget.ts";

function takeAll(budget: ReturnType<typeof createDailyBudget>, from: string, bytes = 1): number {
  let taken = 0;
  for (; budget.hasRoom({ key: "token", from, bytes }); taken += bytes)
    budget.take({ key: "token", from, bytes });
  return taken;
}

test("a flood at one report address leaves half of the remaining room to all others", () => {
  const budget = createDailyBudget(1_000, { steadyMs: () => 0 });
  expect(takeAll(budget, "flood")).toBe(500);
  expect(takeAll(budget, "second")).toBe(250);
  expect(takeAll(budget, "third")).toBe(125);
});

test("another report address is another budget", () => {
  const budget = createDailyBudget(1_000, { steadyMs: () => 0 });
  takeAll(budget, "flood");
  expect(budget.hasRoom({ key: "other", from: "flood", bytes: 500 })).toBe(true);
});

test("a budget fills up again evenly within a day", () => {
  let nowMs = 0;
  const budget = createDailyBudget(1_000, { steadyMs: () => nowMs });
  budget.take({ key: "net", from: "net", bytes: 1_000 });
  expect(budget.hasRoom({ key: "net", from: "net", bytes: 1 })).toBe(false);
  nowMs = DAY_MS / 4;
  expect(budget.hasRoom({ key: "net", from: "net", bytes: 250 })).toBe(true);
  expect(budget.hasRoom({ key: "net", from: "net", bytes: 251 })).toBe(false);
  nowMs = 2 * DAY_MS;
  expect(budget.hasRoom({ key: "net", from: "net", bytes: 1_000 })).toBe(true);
});
