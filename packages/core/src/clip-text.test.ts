import fc from "fast-check";
import { expect, test } from "vitest";
import { clipText } from "./clip-text.ts";
import { safeCount } from "./safe-count.ts";

test("a text is cut to so many bytes without splitting a character", () => {
  expect(clipText("abc", 3)).toBe("abc");
  expect(clipText("abcd", 3)).toBe("abc");
  expect(clipText("éé", 3)).toBe("é");
  expect(clipText("€uro", 2)).toBe("");
  expect(clipText("a😀", 4)).toBe("a");
  expect(clipText("a😀", 5)).toBe("a😀");
});

test("a text of any characters fits, is the start of what it was, and loses less than one character too much", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.nat(40), (text, maxBytes) => {
      const clipped = clipText(text, maxBytes);
      expect(Buffer.byteLength(clipped)).toBeLessThanOrEqual(maxBytes);
      expect(text.startsWith(clipped)).toBe(true);
      if (clipped !== text) {
        const [next = ""] = text.slice(clipped.length);
        expect(Buffer.byteLength(clipped + next)).toBeGreaterThan(maxBytes);
      }
    }),
  );
});

test("half a character, which Postgres refuses, is replaced", () => {
  expect(clipText("a\ud83d", 100)).toBe("a\ufffd");
  expect(clipText(`${"x".repeat(50)}\ud83d`, 60).isWellFormed()).toBe(true);
});

test.each<[bigint | string | null, number]>([
  [0n, 0],
  [null, 0],
  ["12", 12],
  [-5n, -5],
  [BigInt(Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER],
  [BigInt(Number.MAX_SAFE_INTEGER) + 1n, Number.MAX_SAFE_INTEGER],
  ["9223372036854775807000", Number.MAX_SAFE_INTEGER],
])("a count of %s in the database is the number %s", (count, number) => {
  expect(safeCount(count)).toBe(number);
});
