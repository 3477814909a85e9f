import fc from "fast-check";
import { expect, test } from "vitest";
import { normalizeMxPattern } from "./normalize-mx-pattern.ts";

test.each([
  ["MX1.Example.COM", "mx1.example.com"],
  [" mx1.example.com.\t", "mx1.example.com"],
  ["*.Example.com.", "*.example.com"],
  ["mx.Bücher.example", "mx.xn--bcher-kva.example"],
  ["*.bücher.example.", "*.xn--bcher-kva.example"],
  ["mx。例え。テスト", "mx.xn--r8jz45g.xn--zckzah"],
  ["", ""],
  [".", "."],
  ["192.0.2.1", "192.0.2.1"],
])("RFC 8461 §3.2: %j becomes %j", (text, pattern) => {
  expect(normalizeMxPattern(text)).toBe(pattern);
});

test.each(["ü@mx.example", "mx.example/ü", "mx.example:25?ü", "ü#x", "mx .exämple", "%41ü"])(
  "what is not a host name loses nothing: %j",
  (text) => {
    expect(normalizeMxPattern(text)).toBe(text.toLowerCase());
  },
);

test("normalising twice is normalising once", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-zäöü.*-]{0,40}$/), (text) => {
      const once = normalizeMxPattern(text);
      expect(normalizeMxPattern(once)).toBe(once);
    }),
    { examples: [["*."], ["a.."], ["*.ä.."]] },
  );
});
