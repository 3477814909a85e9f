import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatTlsRptRecord } from "./format-tls-rpt-record.ts";
import { parseTlsRptRecord, type TlsRptRecordProblemCode } from "./parse-tls-rpt-record.ts";

const good: Record<
  string,
  {
    rua: string[];
    unsupportedRua?: string[];
    extensions?: { name: string; value: string }[];
    warnings?: string[];
  }
> = {
  "v=TLSRPTv1; rua=mailto:reports@example.com": { rua: ["mailto:reports@example.com"] },
  "v=TLSRPTv1;rua=mailto:reports@example.com;": { rua: ["mailto:reports@example.com"] },
  "v=TLSRPTv1 \t; \trua=mailto:a@example.com ; ": {
    rua: ["mailto:a@example.com"],
    warnings: ["space-before-semicolon"],
  },
  "v=TLSRPTv1; rua=mailto:a@example.com,mailto:A@example.com": {
    rua: ["mailto:a@example.com", "mailto:A@example.com"],
    warnings: ["repeated-address"],
  },
  "v=TLSRPTv1; rua=mailto:a@example.com , https://r.example/v1/tlsrpt": {
    rua: ["mailto:a@example.com", "https://r.example/v1/tlsrpt"],
  },
  "v=TLSRPTv1; rua=mailto:a@example.com; rua=https://r.example/": {
    rua: ["mailto:a@example.com", "https://r.example/"],
    warnings: ["repeated-rua"],
  },
  "v=TLSRPTv1; rua=mailto:a%21b%2Cc%3B@example.com": { rua: ["mailto:a%21b%2Cc%3B@example.com"] },
  "v=TLSRPTv1; rua=MAILTO:a@example.com?subject=x": { rua: ["MAILTO:a@example.com?subject=x"] },
  "v=TLSRPTv1; ext=1; rua=mailto:a@example.com; x.y-z_1=!,:": {
    rua: ["mailto:a@example.com"],
    extensions: [
      { name: "ext", value: "1" },
      { name: "x.y-z_1", value: "!,:" },
    ],
  },
  "v=TLSRPTv1; rua=ftp://r.example/,mailto:a@example.com": {
    rua: ["mailto:a@example.com"],
    unsupportedRua: ["ftp://r.example/"],
    warnings: ["unsupported-scheme"],
  },
};

const bad: Record<string, TlsRptRecordProblemCode> = {
  "": "not-tlsrpt",
  "v=TLSRPTv2; rua=mailto:a@example.com": "not-tlsrpt",
  "V=TLSRPTv1; rua=mailto:a@example.com": "not-tlsrpt",
  "v=tlsrptv1; rua=mailto:a@example.com": "not-tlsrpt",
  " v=TLSRPTv1; rua=mailto:a@example.com": "not-tlsrpt",
  "rua=mailto:a@example.com; v=TLSRPTv1": "not-tlsrpt",
  "v=TLSRPTv1": "missing-rua",
  "v=TLSRPTv1;": "missing-rua",
  "v=TLSRPTv1; RUA=mailto:a@example.com": "missing-rua",
  "v=TLSRPTv1; ; rua=mailto:a@example.com": "bad-field",
  "v=TLSRPTv1; rua=mailto:a@example.com;;": "bad-field",
  "v=TLSRPTv1; rua = mailto:a@example.com": "bad-field",
  "v=TLSRPTv1; rua=mailto:a@example.com; ext": "bad-field",
  "v=TLSRPTv1; rua=mailto:a@example.com; ext=a=b": "bad-field",
  [`v=TLSRPTv1; rua=mailto:a@example.com; ${"e".repeat(33)}=1`]: "bad-field",
  "v=TLSRPTv1; rua=": "bad-rua",
  "v=TLSRPTv1; rua=mailto:a@example.com,": "bad-rua",
  "v=TLSRPTv1; rua=a@example.com": "bad-rua",
  "v=TLSRPTv1; rua=mailto:example.com": "bad-rua",
  "v=TLSRPTv1; rua=mailto:a@": "bad-rua",
  "v=TLSRPTv1; rua=mailto:a@example.com!10m": "bad-rua",
  "v=TLSRPTv1; rua=mailto:a b@example.com": "bad-rua",
  "v=TLSRPTv1; rua=mailto:a%2@example.com": "bad-rua",
  "v=TLSRPTv1; rua=mailto:ä@example.com": "bad-rua",
  "v=TLSRPTv1; rua=https:///path": "bad-rua",
  "v=TLSRPTv1; rua=http://r.example/": "unsupported-rua",
};

describe("RFC 8460 §3: a usable record", () => {
  test.each(Object.entries(good))("%s", (text, expected) => {
    const { warnings = [], ...record } = expected;
    const parsed = parseTlsRptRecord(text);
    expect(parsed).toMatchObject({ ok: true, unsupportedRua: [], extensions: [], ...record });
    expect(parsed.ok && parsed.warnings.map(({ code }) => code)).toEqual(warnings);
  });
});

describe("RFC 8460 §3: a record senders cannot use is refused with its reason", () => {
  test.each(Object.entries(bad))("%s", (text, code) => {
    expect(parseTlsRptRecord(text)).toMatchObject({ ok: false, code });
  });
});

test("RFC 8460 §3: the problem quotes what is wrong and says how to write it", () => {
  const result = parseTlsRptRecord("v=TLSRPTv1; rua=mailto:a@example.com!10m");
  expect(result).toMatchObject({
    problem: '"mailto:a@example.com!10m" contains "!", which must be written %21.',
  });
});

test("any text is answered, never thrown at", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({
      unit: fc.constantFrom(
        "v=TLSRPTv1",
        ";",
        "rua=",
        "mailto:",
        "https://",
        "a@b",
        ",",
        "!",
        " ",
        "%2",
        "é",
      ),
    }),
  );
  fc.assert(
    fc.property(text, (record) => {
      const result = parseTlsRptRecord(record);
      expect(result.ok ? result.rua.length : result.problem.length).toBeGreaterThan(0);
    }),
  );
});

const anyUri = fc.oneof(
  fc.tuple(fc.emailAddress()).map(([address]) => `mailto:${address.replaceAll(/[^A-Za-z0-9@.,!;-]/g, "x")}`),
  fc
    .webUrl({ validSchemes: ["https"], withQueryParameters: true })
    .map((url) => url.replaceAll(/[^\x21-\x7e]/g, "x")),
);

test("RFC 8460 §3: parsing what was formatted gives the same addresses, with , ! ; percent-encoded", () => {
  fc.assert(
    fc.property(fc.array(anyUri, { minLength: 1, maxLength: 4 }), (rua) => {
      const result = parseTlsRptRecord(formatTlsRptRecord(rua));
      const encoded = rua.map((uri) =>
        uri.replaceAll(/[,!;]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`),
      );
      expect(result).toMatchObject({ ok: true, rua: encoded });
    }),
  );
});
