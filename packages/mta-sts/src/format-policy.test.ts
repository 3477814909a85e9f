import { expect, test } from "vitest";
import { formatPolicy } from "./format-policy.ts";

test("RFC 8461 §3.2: version, mode, mx, max_age, every line ended by CRLF", () => {
  expect(formatPolicy({ mode: "testing", mx: ["a.example", "*.b.example"], maxAgeSeconds: 86400 })).toBe(
    "version: STSv1\r\nmode: testing\r\nmx: a.example\r\nmx: *.b.example\r\nmax_age: 86400\r\n",
  );
});

test("mode none keeps its mx, which one large receiver asks for", () => {
  expect(formatPolicy({ mode: "none", mx: ["a.example"], maxAgeSeconds: 86400 })).toContain(
    "mx: a.example\r\n",
  );
});
