import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { countReport } from "./count-report.ts";
import { findReportDay } from "./find-report-day.ts";
import { formatTlsReport } from "./format-tls-report.ts";
import { parseTlsReport } from "./parse-tls-report.ts";

const OPTIONS = { submitter: "reporter.example" };
const FIXTURES = new URL("../fixtures/", import.meta.url);
const fixtures = readdirSync(FIXTURES).map((file) => readFileSync(new URL(file, FIXTURES)));

/** Whatever the input, the answer is one of the two, and an accepted report is sound. */
function expectSound(input: string | Uint8Array) {
  const result = parseTlsReport(input, OPTIONS);
  if (!result.ok) {
    expect(result.problem).not.toBe("");
    return;
  }
  const { report } = result;
  expect(report.reportDay).toBe(findReportDay(report.startAt, report.endAt));
  expect(report.reportDay >= "2016-01-01" && report.startAt <= report.endAt).toBe(true);
  expect(JSON.stringify(report)).not.toMatch(/\\u00[01]|\\ud[89a-f]/i);
  for (const counts of countReport(report)) {
    expect(counts.successfulSessions).toBeGreaterThanOrEqual(0);
    expect(Number.isSafeInteger(counts.failedSessions)).toBe(true);
  }
  // Two elements that differ only in what is not read are written alike, and alike elements count once.
  const unlike = new Map(report.policies.map((policy) => [JSON.stringify(policy), policy]));
  expect(parseTlsReport(formatTlsReport(report), OPTIONS)).toMatchObject({
    ok: true,
    report: { ...report, policies: [...unlike.values()] },
  });
}

test("arbitrary bytes and texts are answered, never thrown at", () => {
  fc.assert(fc.property(fc.oneof(fc.uint8Array(), fc.string({ unit: "binary" }), fc.json()), expectSound));
});

test("RFC 8460 §4.4: a report with damaged bytes is read or refused, never thrown at", () => {
  const damage = fc.array(fc.record({ at: fc.nat(), byte: fc.nat({ max: 255 }) }), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(fc.constantFrom(...fixtures), damage, fc.nat(), (fixture, bytes, length) => {
      const damaged = Uint8Array.from(fixture);
      for (const { at, byte } of bytes) damaged[at % damaged.length] = byte;
      expectSound(damaged);
      expectSound(damaged.subarray(0, length % damaged.length));
    }),
    { numRuns: 1000 },
  );
});

/** The same report, but not in plain ASCII, so that every text in it is looked at. */
function withEscape(json: string): string {
  return json.replace("{", '{"x-escape":"\\u0041",');
}

test("a report in plain ASCII is read as if each of its texts had been looked at", () => {
  const texts = fixtures.map((fixture) => new TextDecoder().decode(fixture).replaceAll(/[^\0-\x7f]/g, "e"));
  const blanks = fc.constantFrom(
    '" x"',
    '"x "',
    '" "',
    '""',
    '"a  b"',
    '"[1]"',
    `"${"x".repeat(1_001)}"`,
    '"x\t"',
    '"\x7f"',
    '"é"',
  );
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.nat(), fc.oneof(blanks, fc.json()), (text, at, replacement) => {
      const values = [...text.matchAll(/(?<=[:[,]\s*)"[^"\\]*"(?!\s*:)/g)];
      const value = values[at % values.length];
      if (!value) return;
      const changed = text.slice(0, value.index) + replacement + text.slice(value.index + value[0].length);
      const expected = parseTlsReport(withEscape(changed), OPTIONS);
      expect(parseTlsReport(changed, OPTIONS)).toEqual(expected);
      expect(parseTlsReport(Buffer.from(changed), OPTIONS)).toEqual(
        parseTlsReport(Buffer.from(withEscape(changed)), OPTIONS),
      );
    }),
    { numRuns: 3000 },
  );
});

test("RFC 8460 §4.4: a report with any value replaced by any other is read or refused, and then stays as it is", () => {
  fc.assert(
    fc.property(fc.constantFrom(...fixtures), fc.nat(), fc.jsonValue(), (fixture, at, replacement) => {
      const text = new TextDecoder().decode(fixture);
      const values = [...text.matchAll(/(?<=: ?)(?:"[^"]*"|-?\d+)/g)];
      const value = values[at % values.length];
      if (!value) return;
      const end = value.index + value[0].length;
      expectSound(text.slice(0, value.index) + JSON.stringify(replacement) + text.slice(end));
    }),
    { numRuns: 1000 },
  );
});
