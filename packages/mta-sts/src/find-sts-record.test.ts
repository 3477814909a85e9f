import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findStsRecord } from "./find-sts-record.ts";
import { formatStsRecord } from "./format-sts-record.ts";
import { parseStsRecord } from "./parse-sts-record.ts";

const good: [text: string, id: string, ...warnings: string[]][] = [
  ["v=STSv1; id=20160831085700Z;", "20160831085700Z"],
  ["v=STSv1;id=1", "1"],
  ["v=STSv1 ; id=1 ; ", "1", "space-before-semicolon"],
  ["v=STSv1\t; id=1", "1", "space-before-semicolon"],
  ["v=STSv1; id=1 ;", "1"],
  ["v=STSv1; id=foo; id=bar", "foo", "repeated-id"],
  ["v=STSv1; id=foo; id=foo;", "foo", "repeated-id"],
  ["v=STSv1; x=y; id=foo; z=1; id=not-an-id!", "foo", "repeated-id"],
  ["v=STSv1 ; id=1; id=2; id=3", "1", "space-before-semicolon", "repeated-id"],
  ["v=STSv1;\tid=a", "a"],
  ["v=STSv1; x=y; id=1; foo.bar_baz-1=!:<>;", "1"],
  [`v=STSv1; id=${"9".repeat(32)}`, "9".repeat(32)],
];

const bad: [text: string, problem: RegExp][] = [
  ["", /start with/],
  ["v=STSv2; id=1", /start with/],
  ["V=STSv1; id=1", /start with/],
  [" v=STSv1; id=1", /start with/],
  ["id=1; v=STSv1", /start with/],
  ["v=STSv1", /id is missing/],
  ["v=STSv1;", /id is missing/],
  ["v=STSv1; ID=1", /id is missing/],
  ["v=STSv1; id=", /1 to 32/],
  ["v=STSv1; id=2026-11-24", /1 to 32/],
  [`v=STSv1; id=${"9".repeat(33)}`, /1 to 32/],
  ["v=STSv1; id=1 2", /1 to 32/],
  ["v=STSv1; id=?; id=1", /1 to 32 letters and digits, not "\?"/],
  ["v=STSv1; id=; id=1", /1 to 32/],
  ["v=STSv1; id=1; id=", /not a valid field/],
  ["v=STSv1; id=1; id=a b", /not a valid field/],
  ["v=STSv1; id=1;;", /empty field/],
  ["v=STSv1;; id=1", /empty field/],
  ["v=STSv1; id=1; x", /not a valid field/],
  ["v=STSv1; id=1; x=", /not a valid field/],
  ["v=STSv1; id=1; x=a b", /not a valid field/],
  ["v=STSv1; id=1; x=a=b", /not a valid field/],
  ["v=STSv1; id=1; x=ü", /not a valid field/],
  [`v=STSv1; id=1; x=${"a".repeat(5000)}`, /too long/],
];

describe("RFC 8461 §3.1: one record", () => {
  test.each(good)("RFC 8461 §3.2: %j has the id %j; warnings: %s %s", (text, id, ...warnings) => {
    const parsed = parseStsRecord(text);
    expect(parsed).toMatchObject({ ok: true, id });
    expect(parsed.ok && parsed.warnings.map(({ code }) => code)).toEqual(warnings);
  });
  test.each(bad)("is refused: %j", (text, problem) => {
    expect(parseStsRecord(text)).toEqual({ ok: false, problem: expect.stringMatching(problem) });
  });
  test("what is formatted reads back as it was", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9]{1,32}$/), (id) => {
        expect(parseStsRecord(formatStsRecord(id))).toEqual({ ok: true, id, warnings: [] });
      }),
    );
  });
  test("any text at all is answered, never thrown at", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        (text) => typeof parseStsRecord(`v=STSv1;${text}`).ok === "boolean",
      ),
    );
  });
});

test("RFC 8461 §3.1, RFC 8461 erratum 6285: our record has no blank before a semicolon", () => {
  expect(formatStsRecord("1")).toBe("v=STSv1; id=1;");
});

describe("RFC 8461 §3.1: the record among all TXT records", () => {
  test.each<[name: string, records: string[][], found: object]>([
    ["one", [["v=STSv1; id=1;"]], { ok: true, id: "1", text: "v=STSv1; id=1;" }],
    ["strings are joined without blanks", [["v=STS", "v1; id=", "12"]], { ok: true, id: "12" }],
    [
      "others are passed over",
      [["v=spf1 -all"], ["v=STSv1; id=1"], ["v=STSv2; id=2"]],
      { ok: true, id: "1" },
    ],
    ["none", [], { ok: false, reason: "no-record" }],
    ["only others", [["v=spf1 -all"], []], { ok: false, reason: "no-record" }],
    [
      "one nearly",
      [["V=STSv1; id=1"]],
      { ok: false, reason: "misspelled-version", texts: ["V=STSv1; id=1"] },
    ],
    [
      "RFC 8461 erratum 6285: a blank before the first semicolon, with a warning",
      [["v=STSv1 ; id=1"]],
      { ok: true, id: "1", warnings: [{ code: "space-before-semicolon" }] },
    ],
    [
      "one with a blank before the first semicolon and one without",
      [["v=STSv1 ; id=1"], ["v=STSv1; id=1"]],
      { ok: false, reason: "several-records" },
    ],
    [
      "a no-break space before the semicolon",
      [["v=STSv1\u00a0; id=1"]],
      { ok: false, reason: "misspelled-version" },
    ],
    ["two, even if equal", [["v=STSv1; id=1"], ["v=STSv1; id=1"]], { ok: false, reason: "several-records" }],
    [
      "one good and one broken",
      [["v=STSv1; id=1"], ["v=STSv1; id=?"]],
      { ok: false, reason: "several-records" },
    ],
    ["one broken", [["v=STSv1; id=?"]], { ok: false, reason: "bad-syntax", texts: ["v=STSv1; id=?"] }],
  ])("%s", (_, records, found) => {
    expect(findStsRecord(records)).toMatchObject(found);
  });
});
