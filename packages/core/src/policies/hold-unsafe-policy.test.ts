import { expect, test } from "vitest";
import { listUnacknowledged } from "./hold-unsafe-policy.ts";

const uncovered = (mxHost: string) => ({ code: "mx-uncovered", mxHost }) as const;
const ALL = { code: "mx-all-uncovered", mxHost: null } as const;
const REFUSE = { code: "would-refuse", mxHost: null } as const;

test.each<[string, Record<string, unknown>, string[]]>([
  ["nothing", {}, ["mx-uncovered", "mx-uncovered", "mx-all-uncovered", "would-refuse"]],
  [
    "one host by name",
    { acknowledgedFor: ["mx-uncovered a.example"] },
    ["mx-uncovered", "mx-all-uncovered", "would-refuse"],
  ],
  [
    "a code without a host",
    { acknowledgedFor: ["would-refuse"] },
    ["mx-uncovered", "mx-uncovered", "mx-all-uncovered"],
  ],
  [
    "the hosts that an older release listed",
    { uncoveredMxHosts: ["a.example", "b.example"] },
    ["would-refuse"],
  ],
  [
    "what is no list",
    { acknowledgedFor: "would-refuse" },
    ["mx-uncovered", "mx-uncovered", "mx-all-uncovered", "would-refuse"],
  ],
])("a version whose owner acknowledged %s is held for the rest", (_, created, held) => {
  const stops = [uncovered("a.example"), uncovered("b.example"), ALL, REFUSE];
  expect(listUnacknowledged(stops, created).map(({ code }) => code)).toEqual(held);
});
