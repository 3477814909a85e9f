import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatPolicy } from "./format-policy.ts";
import { parsePolicy } from "./parse-policy.ts";
import { MAX_AGE_LIMIT_SECONDS, POLICY_MODES } from "./policy.ts";

const label = fc.stringMatching(/^[a-z](?:[a-z0-9-]{0,10}[a-z0-9])?$/);
const domain = fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => labels.join("."));
const mxPattern = fc.tuple(fc.constantFrom("", "*."), domain).map(([wildcard, name]) => wildcard + name);
const policy = fc.record({
  mode: fc.constantFrom(...POLICY_MODES),
  mx: fc.uniqueArray(mxPattern, { minLength: 1, maxLength: 20 }),
  maxAgeSeconds: fc.integer({ min: 0, max: MAX_AGE_LIMIT_SECONDS }),
});

const start = "version: STSv1\r\nmode: enforce\r\n";
const enforce = { mode: "enforce", mx: ["mx.example.com"], maxAgeSeconds: 604800 };

const good: [name: string, text: string, policy: object][] = [
  ["CRLF", `${start}mx: mx.example.com\r\nmax_age: 604800\r\n`, enforce],
  [
    "LF (RFC 8461 erratum 6253)",
    "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 604800\n",
    enforce,
  ],
  ["no final terminator", `${start}mx: mx.example.com\r\nmax_age: 604800`, enforce],
  ["blanks after values", `${start}mx: mx.example.com \t\r\nmax_age: 604800 \r\n`, enforce],
  ["no blank after the colon", "version:STSv1\nmode:enforce\nmx:mx.example.com\nmax_age:604800\n", enforce],
  ["tab after the colon", `${start}mx:\tmx.example.com\r\nmax_age:\t604800\r\n`, enforce],
  ["any order", "max_age: 604800\nmx: mx.example.com\nmode: enforce\nversion: STSv1\n", enforce],
  ["unknown keys", `${start}x-note: ünïcode value: 1\r\nmx: mx.example.com\r\nmax_age: 604800\r\n`, enforce],
  ["upper case mx", `${start}mx: MX.Example.COM\r\nmax_age: 604800\r\n`, enforce],
  ["max_age with leading zeros", `${start}mx: mx.example.com\r\nmax_age: 0000604800\r\n`, enforce],
  [
    "a repeated key: the first wins, whatever the second says",
    `${start}mode: bogus\r\nmx: mx.example.com\r\nmax_age: 604800\r\nmax_age: 1\r\n`,
    enforce,
  ],
  [
    "several mx, in order",
    `${start}mx: b.example\r\nmx: *.a.example\r\nmx: b.example\r\nmax_age: 604800\r\n`,
    { ...enforce, mx: ["b.example", "*.a.example"] },
  ],
  [
    "mode none without mx",
    "version: STSv1\nmode: none\nmax_age: 0\n",
    { mode: "none", mx: [], maxAgeSeconds: 0 },
  ],
  [
    "the largest max_age",
    `${start}mx: mx.example.com\nmax_age: 31557600\n`,
    { ...enforce, maxAgeSeconds: 31557600 },
  ],
];

const bad: [name: string, text: string, line: number, problem: RegExp][] = [
  ["empty", "", 1, /empty/],
  ["larger than 64 KiB", `${start}x: ${"é".repeat(33_000)}\r\n`, 1, /64 KiB/],
  ["byte-order mark", `\uFEFF${start}mx: a.example\r\nmax_age: 604800\r\n`, 1, /byte-order/],
  ["blank line", `${start}\r\nmx: a.example\r\nmax_age: 604800\r\n`, 3, /Blank/],
  ["second final terminator", `${start}mx: a.example\r\nmax_age: 604800\r\n\r\n`, 5, /Blank/],
  ["leading blank", `${start} mx: a.example\r\nmax_age: 604800\r\n`, 3, /starts with a blank/],
  ["blank before the colon", `${start}mx : a.example\r\nmax_age: 604800\r\n`, 3, /blank between/],
  ["no colon", `${start}mx a.example\r\nmax_age: 604800\r\n`, 3, /key: value/],
  ["HTML", "<!DOCTYPE html>\n<title>Not found</title>\n", 1, /key: value/],
  ["no key", `${start}: a.example\r\nmax_age: 604800\r\n`, 3, /cannot be a key/],
  [
    "key over 32 characters",
    `${start}${"k".repeat(33)}: 1\r\nmx: a.example\r\nmax_age: 604800\r\n`,
    3,
    /cannot be a key/,
  ],
  ["control character", `${start}mx: a.example\u0000\r\nmax_age: 604800\r\n`, 3, /control/],
  ["CR alone between lines", "version: STSv1\rmode: enforce\rmx: a.example\rmax_age: 604800", 1, /control/],
  ["version missing", "mode: enforce\nmx: a.example\nmax_age: 604800\n", 3, /version: STSv1/],
  ["other version", "version: STSv2\nmode: enforce\nmx: a.example\nmax_age: 604800\n", 1, /STSv1/],
  ["version in lower case", "version: stsv1\nmode: enforce\nmx: a.example\nmax_age: 604800\n", 1, /STSv1/],
  ["key in upper case", "version: STSv1\nMode: enforce\nmx: a.example\nmax_age: 604800\n", 4, /mode: …/],
  ["unknown mode", "version: STSv1\nmode: report\nmx: a.example\nmax_age: 604800\n", 2, /"report"/],
  ["mode in upper case", "version: STSv1\nmode: Enforce\nmx: a.example\nmax_age: 604800\n", 2, /"Enforce"/],
  ["max_age missing", `${start}mx: a.example\n`, 3, /max_age/],
  ["max_age negative", `${start}mx: a.example\nmax_age: -1\n`, 4, /number of seconds/],
  ["max_age with a unit", `${start}mx: a.example\nmax_age: 7d\n`, 4, /number of seconds/],
  ["max_age empty", `${start}mx: a.example\nmax_age:\n`, 4, /no value/],
  ["max_age of eleven digits", `${start}mx: a.example\nmax_age: 00000604800\n`, 4, /number of seconds/],
  ["max_age over a year", `${start}mx: a.example\nmax_age: 31557601\n`, 4, /most allowed/],
  ["no mx", `${start}max_age: 604800\n`, 3, /no "mx/],
  ["nmx for mx", `${start}nmx: a.example\nmax_age: 604800\n`, 4, /no "mx/],
  ["mx empty", `${start}mx:\nmax_age: 604800\n`, 3, /no value/],
  ["mx an IPv4 address", `${start}mx: 192.0.2.1\nmax_age: 604800\n`, 3, /not an address/],
  ["mx an IPv6 address", `${start}mx: 2001:db8::1\nmax_age: 604800\n`, 3, /not an address/],
  ["mx an address literal", `${start}mx: [192.0.2.1]\nmax_age: 604800\n`, 3, /not an address/],
  ["mx with a trailing dot", `${start}mx: a.example.\nmax_age: 604800\n`, 3, /end in a dot/],
  ["mx a U-label", `${start}mx: mx.bücher.example\nmax_age: 604800\n`, 3, /xn--/],
  ["two mx in one line", `${start}mx: a.example, b.example\nmax_age: 604800\n`, 3, /host name/],
  ["wildcard inside", `${start}mx: mx.*.example\nmax_age: 604800\n`, 3, /host name/],
  ["partial wildcard", `${start}mx: mx*.example\nmax_age: 604800\n`, 3, /host name/],
  ["wildcard alone", `${start}mx: *\nmax_age: 604800\n`, 3, /host name/],
  ["underscore", `${start}mx: mx_1.example\nmax_age: 604800\n`, 3, /underscore/],
  ["label of 64 characters", `${start}mx: ${"a".repeat(64)}.example\nmax_age: 604800\n`, 3, /host name/],
];

describe("RFC 8461 §3.2: a policy is read", () => {
  test.each(good)("%s", (_, text, expected) => {
    expect(parsePolicy(text)).toMatchObject({ ok: true, policy: expected });
  });
});

describe("RFC 8461 §3.2: not a policy", () => {
  test.each(bad)("%s", (_, text, line, problem) => {
    expect(parsePolicy(text)).toEqual({ ok: false, line, problem: expect.stringMatching(problem) });
  });
});

test("the first line that is wrong is the one reported", () => {
  expect(parsePolicy("version: STSv1\nmode: bogus\nmx: 1.2.3.4\nmax_age: x\n")).toMatchObject({ line: 2 });
});

test("RFC 8461 §3.2: what is formatted reads back as it was", () => {
  fc.assert(
    fc.property(policy, (original) => {
      expect(parsePolicy(formatPolicy(original))).toMatchObject({ ok: true, policy: original });
    }),
  );
});

test("any text at all is answered, never thrown at", () => {
  const lines = fc.array(
    fc.oneof(fc.string(), fc.constantFrom("mode: none", "mx: *.", "max_age: 9", "\uFEFF", "")),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "binary" }),
        lines.map((all) => all.join("\r\n")),
      ),
      (text) => {
        expect(typeof parsePolicy(text).ok).toBe("boolean");
      },
    ),
  );
});
