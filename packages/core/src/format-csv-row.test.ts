import { expect, test } from "vitest";
import { formatCsvRow } from "./format-csv-row.ts";

test.each([
  [["plain", 12, null], "plain,12,\r\n"],
  [['say "no"', "a,b", "two\r\nlines"], '"say ""no""","a,b","two\r\nlines"\r\n'],
  [[["one", "two"], []], "one two,\r\n"],
])("RFC 4180 §2: %j is written as %j", (cells, row) => {
  expect(formatCsvRow(cells)).toBe(row);
});

test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =cmd|' /C calc'!A0", "＝1", "\r=1"])(
  "text that a spreadsheet would run is text: %j",
  (text) => {
    expect(formatCsvRow([text]).replace(/^"/, "").startsWith("'")).toBe(true);
  },
);

test("a number is no formula, whatever its sign", () => {
  expect(formatCsvRow([-1])).toBe("-1\r\n");
});
