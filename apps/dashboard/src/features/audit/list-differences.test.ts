import { expect, test } from "vitest";
import { listDifferences } from "./list-differences.ts";

test("the old value of an event is shown beside the new one where they differ", () => {
  const data = {
    version: 2,
    mode: "enforce",
    mx: ["a.example", "b.example"],
    maxAgeSeconds: 86_400,
    before: { mode: "testing", mx: [], maxAgeSeconds: 86_400, gone: 1 },
  };
  expect(listDifferences(data)).toEqual([
    { name: "Mode", before: "testing", after: "enforce" },
    { name: "MX list", before: "none", after: "a.example, b.example" },
  ]);
});

test.each([
  [{}],
  [{ before: null }],
  [{ before: "viewer", after: "editor" }],
  [{ before: ["a"], tags: ["b"] }],
])("%j has none", (data) => {
  expect(listDifferences(data)).toEqual([]);
});
