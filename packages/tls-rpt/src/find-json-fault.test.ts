import { expect, test } from "vitest";
import { describeJsonFault } from "./describe-json-fault.ts";
import { findJsonFault } from "./find-json-fault.ts";

const faults: [string, number, string][] = [
  ['{"a": 1,}', 8, "trailing-comma"],
  ['{"a": [1, 2,]}', 12, "trailing-comma"],
  ['{"a": NaN}', 6, "not-a-number"],
  ['{"a": -Infinity}', 6, "not-a-number"],
  ['{"a": 01}', 6, "not-a-number"],
  ['{"a": .5}', 6, "not-a-number"],
  ["{'a': 1}", 1, "not-quoted"],
  ["{a: 1}", 1, "not-quoted"],
  ['{"a": yes}', 6, "not-quoted"],
  ['{"a": 1 // one\n}', 8, "comment"],
  ['{"a": 1 "b": 2}', 8, "missing-comma"],
  ['{"a": [1 2]}', 9, "missing-comma"],
  ['{"a" 1}', 5, "other"],
  ['{"a": 1}]', 8, "other"],
  ['{"a": {"b": [1, ', 16, "cut-off"],
  ['{"a": "never clo', 16, "cut-off"],
  ['{"a": tru', 6, "cut-off"],
  ['{"a"', 4, "cut-off"],
  ["", 0, "cut-off"],
];

test.each(faults)("the mistake in %j is found", (text, index, kind) => {
  expect(findJsonFault(text)).toEqual({ index, kind });
});

test("what JSON.parse reads has no fault, and what it refuses has one", () => {
  const texts = [
    '{"a":[1,-2.5e3,"x\\"y",true,null,{}],"b":[]}',
    "[]",
    " {} ",
    '"x"',
    ...faults.map(([text]) => text),
  ];
  for (const text of texts) {
    for (let cut = 0; cut <= text.length; cut++) {
      const piece = text.slice(0, cut);
      let isJson = true;
      try {
        JSON.parse(piece);
      } catch {
        isJson = false;
      }
      expect([piece, findJsonFault(piece) === undefined]).toEqual([piece, isJson]);
    }
  }
});

test("a mistake is reported with its line, counted from the first line of the text", () => {
  const text = '{\n "policies": [],\n "n": NaN\n}\n';
  expect(describeJsonFault(text, 1)).toBe(
    "The report is not valid JSON. Line 3: NaN, Infinity and numbers written in another way are not JSON.",
  );
  expect(describeJsonFault('{\n"a": 1\n\n\n', 11)).toContain("Line 12: the text ends in the middle");
});
