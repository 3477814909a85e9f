import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseTlsReports } from "./parse-tls-reports.ts";

const sound = readFileSync(new URL("../fixtures/no-quirk.json", import.meta.url), "utf8");
const named = (id: string) => JSON.stringify({ ...JSON.parse(sound), "report-id": id });
const pretty = (id: string) => JSON.stringify(JSON.parse(named(id)), null, 2);

/** The id of each report, or the problem of each that is refused, with its line. */
function read(text: string | Uint8Array) {
  return parseTlsReports(text).results.map((result) => [
    result.line,
    result.ok ? result.report.reportId : result.problem,
  ]);
}

const several: [string, string | Uint8Array, [number, string][]][] = [
  ["one", pretty("1"), [[1, "1"]]],
  [
    "one a line",
    `${named("1")}\n${named("2")}\n${named("3")}\n`,
    [
      [1, "1"],
      [2, "2"],
      [3, "3"],
    ],
  ],
  [
    "one after the other, without a break",
    `${named("1")}${named("2")}`,
    [
      [1, "1"],
      [1, "2"],
    ],
  ],
  [
    "pretty, with empty lines between",
    `${pretty("1")}\n\n${pretty("2")}`,
    [
      [1, "1"],
      [pretty("1").split("\n").length + 2, "2"],
    ],
  ],
  [
    "in a list",
    `[${named("1")},\n${named("2")}]`,
    [
      [1, "1"],
      [2, "2"],
    ],
  ],
  [
    "lists in a list",
    `[[${named("1")}],[${named("2")}]]`,
    [
      [1, "1"],
      [1, "2"],
    ],
  ],
  [
    "with record separators (RFC 7464 §2.2)",
    `\x1e${named("1")}\n\x1e${named("2")}\n`,
    [
      [1, "1"],
      [2, "2"],
    ],
  ],
  [
    "with a byte order mark",
    `\ufeff${named("1")}\n${named("2")}`,
    [
      [1, "1"],
      [2, "2"],
    ],
  ],
  [
    "UTF-16, little-endian",
    Buffer.from(`\ufeff${named("1")}\n${named("2")}`, "utf16le"),
    [
      [1, "1"],
      [2, "2"],
    ],
  ],
  ["UTF-16, big-endian, without mark", Buffer.from(named("1"), "utf16le").swap16(), [[1, "1"]]],
  ["between other text", `Reports of March\n${named("1")}\n-- \nthe team\n`, [[2, "1"]]],
];

test.each(several)("RFC 8460 §4.4: all reports of a text are read: %s", (_name, text, expected) => {
  expect(read(text)).toEqual(expected);
});

test("a broken report between sound ones is refused with its line, and the others are read", () => {
  const cut = named("2").slice(0, 80);
  expect(read(`${named("1")}\n${cut}\n${named("3")}\n`)).toEqual([
    [1, "1"],
    [2, expect.stringMatching(/^The report is not valid JSON. Line 2: the text ends in the middle/)],
    [3, "3"],
  ]);
  expect(read(`[${named("1")},\n\n${named("2").replace(/\}$/, ",}")}]`)).toEqual([
    [1, "1"],
    [3, expect.stringMatching(/Line 3: there is a comma before a closing bracket/)],
  ]);
});

test("an object that is no report is refused, wherever it is", () => {
  expect(read(`${named("1")}\n{"a": 1}\n`)).toEqual([
    [1, "1"],
    [2, "The report does not say who made it."],
  ]);
});

test("a list that is not closed is reported, since reports may be missing", () => {
  expect(read(`[${named("1")},\n${named("2")},`)).toEqual([
    [1, "1"],
    [2, "2"],
    [2, expect.stringContaining("was cut off")],
  ]);
});

test("what is neither a report nor between reports is left over, to the byte", () => {
  const text = `${named("1")}\n-- \nSent by a gateway {x}\n`;
  const { leftOver } = parseTlsReports(text);
  expect(leftOver.map(({ start, end }) => text.slice(start, end).trim())).toEqual([
    "-- \nSent by a gateway {x}",
  ]);
});

test("RFC 8460 §7: objects that never close take linear time", () => {
  const startedAt = performance.now();
  parseTlsReports('{"a":1}\n'.concat("{\n".repeat(2_000_000)));
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});

test("RFC 4627 §3: text in UTF-16 is read, with a quirk that says so", () => {
  const [result] = parseTlsReports(Buffer.from(`\ufeff${sound}`, "utf16le")).results;
  expect(result).toMatchObject({ ok: true, quirks: [{ code: "utf-16" }] });
});
