import { describe, expect, test } from "vitest";
import { readPolicyLeniently } from "./read-policy-leniently.ts";

const start = "version: STSv1\r\nmode: enforce\r\n";
const end = "max_age: 1209600\r\n";

function findingsOf(text: string) {
  return readPolicyLeniently(text).findings.map(({ code, severity, line }) => [code, severity, line]);
}

const oddities: [text: string, findings: [code: string, severity: string, line: number][]][] = [
  [`${start}mx: a.example\r\n${end}`, []],
  [`\uFEFF${start}mx: a.example\r\n${end}`, [["byte-order-mark", "error", 1]]],
  ["version: STSv1\nmode: none\nmx: a.example\nmax_age: 86400\n", [["bare-lf", "note", 1]]],
  [`${start}mx: a.example\r\nmax_age: 1209600`, [["no-final-terminator", "note", 4]]],
  [
    `${start}\r\n \r\nmx: a.example\r\n${end}`,
    [
      ["blank-line", "error", 3],
      ["blank-line", "error", 4],
    ],
  ],
  [`${start}\tmx: a.example\r\n${end}`, [["leading-whitespace", "error", 3]]],
  [`${start}mode: none\r\nmx: a.example\r\n${end}`, [["duplicate-key", "warning", 3]]],
  [`${start}x-y: z\r\nmx: a.example\r\n${end}`, [["unknown-key", "note", 3]]],
  [`mode: enforce\r\nversion: STSv1\r\nmx: a.example\r\n${end}`, [["version-not-first", "note", 1]]],
  [`${start}mx: a.example\r\nmx: A.example\r\n${end}`, [["mx-duplicate", "note", 5]]],
  [`${start}mx: a.example\r\nmax_age: 0\r\n`, [["max-age-zero", "warning", 4]]],
  [`${start}mx: a.example\r\nmax_age: 86399\r\n`, [["max-age-short", "warning", 4]]],
  [`${start}mx: a.example\r\nmax_age: 31557601\r\n`, [["max-age-too-large", "error", 4]]],
  ["version: STSv1\r\nmode: none\r\nmax_age: 86400\r\n", [["no-mx-in-none", "note", 3]]],
  [`${start}mx: a.example.\r\n${end}`, [["mx-trailing-dot", "error", 3]]],
  [`${start}mx: bücher.example\r\n${end}`, [["mx-u-label", "error", 3]]],
];

describe("RFC 8461 §3.2: every oddity is named with its line", () => {
  test.each(oddities)("%j", (text, findings) => {
    expect(findingsOf(text)).toEqual(findings);
  });
});

test("a broken policy is still read as far as it goes", () => {
  const text =
    " version: STSv1\r\n\r\nmode: enforce\r\nmx: MX1.Example.com.\r\nmx: mx.bücher.example\r\nmx: ?\r\nmax_age: 99999999\r\n";
  expect(readPolicyLeniently(text).policy).toEqual({
    mode: "enforce",
    mx: ["mx1.example.com", "mx.xn--bcher-kva.example"],
    maxAgeSeconds: 99999999,
  });
});

test.each(["nmx: a.example", "MX: a.example"])("a misspelled key gets a suggestion: %s", (line) => {
  const { findings } = readPolicyLeniently(`${start}${line}\r\n${end}`);
  expect(findings.find(({ code }) => code === "unknown-key")?.message).toContain('Did you mean "mx"?');
});

test("ten thousand wrong lines make a short list", () => {
  expect(readPolicyLeniently("\r\n".repeat(10_000)).findings.length).toBeLessThan(10);
});

test("one huge value is not repeated in full", () => {
  const { findings } = readPolicyLeniently(`${start}mx: ${"a".repeat(60_000)}\r\n${end}`);
  expect(findings[0]?.message.length).toBeLessThan(200);
});
