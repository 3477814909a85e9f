import { describe, expect, test } from "vitest";
import { findRangeLine } from "./find-range-line.ts";

const LINES = [
  "5,9,a",
  "10,19,b",
  "100,199,c",
  "42540488161975842760550356425300246528,42540488161975842760550356425300246530,d",
];
const csv = Buffer.from(`${LINES.join("\n")}\n`);

describe("findRangeLine", () => {
  test.each([
    [5n, LINES[0]],
    [9n, LINES[0]],
    [10n, LINES[1]],
    [99n, LINES[1]],
    [100n, LINES[2]],
    [42540488161975842760550356425300246527n, LINES[2]],
    [42540488161975842760550356425300246528n, LINES[3]],
    [42540488161975842760550356425300246999n, LINES[3]],
  ])("the last line that starts at or before %d, compared as a number of any size", (position, line) => {
    expect(findRangeLine(csv, position)).toBe(line);
  });

  test("a position before the first line and an empty file have no line", () => {
    expect(findRangeLine(csv, 4n)).toBeUndefined();
    expect(findRangeLine(Buffer.alloc(0), 4n)).toBeUndefined();
  });

  test("the last line is found without a line feed behind it", () => {
    expect(findRangeLine(Buffer.from("1,2,a\n3,4,b"), 4n)).toBe("3,4,b");
  });

  test("every start and every end of a long file of uneven lines finds its own line", () => {
    const rows = Array.from({ length: 2_000 }, (_, row) => ({
      first: BigInt(row * row * 3 + 1),
      line: `${row * row * 3 + 1},${(row + 1) * (row + 1) * 3},${"x".repeat(row % 90)}`,
    }));
    const file = Buffer.from(rows.map(({ line }) => `${line}\n`).join(""));
    const wrong = rows.filter(
      ({ first, line }, row) =>
        findRangeLine(file, first) !== line ||
        findRangeLine(file, BigInt((row + 1) * (row + 1) * 3)) !== line,
    );
    expect(wrong).toEqual([]);
  });
});
