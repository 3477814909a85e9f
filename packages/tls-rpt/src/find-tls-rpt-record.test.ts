import { expect, test } from "vitest";
import { findTlsRptRecord } from "./find-tls-rpt-record.ts";

const RECORD = "v=TLSRPTv1; rua=mailto:a@example.com";

test("RFC 8460 §3: strings of one TXT record are joined without spaces", () => {
  const found = findTlsRptRecord([["v=TLSRP", "Tv1; rua=mailto:a@exa", "mple.com"]]);
  expect(found).toEqual({
    ok: true,
    text: RECORD,
    rua: ["mailto:a@example.com"],
    unsupportedRua: [],
    extensions: [],
    warnings: [],
  });
});

test("RFC 8460 §3: records that do not begin with v=TLSRPTv1; are left out", () => {
  expect(findTlsRptRecord([["google-site-verification=x"], [RECORD], ["v=spf1 -all"]])).toMatchObject({
    ok: true,
  });
});

test("RFC 8460 §3: two records count as none", () => {
  expect(findTlsRptRecord([[RECORD], [RECORD]])).toMatchObject({ ok: false, code: "several-records" });
});

test("RFC 8460 §3: a record with bad syntax is refused with its own reason", () => {
  expect(findTlsRptRecord([["v=TLSRPTv1;"]])).toMatchObject({ ok: false, code: "missing-rua" });
});

test.each([[[]], [[[]]], [[["v=STSv1; id=1;"]]]])(
  "RFC 8460 §3: no TLS-RPT record in %j",
  (txtRecords: string[][]) => {
    expect(findTlsRptRecord(txtRecords)).toMatchObject({ ok: false, code: "no-record" });
  },
);

test.each([
  "v=TLSRPTv1\u00a0; rua=mailto:a@example.com",
  "V=TLSRPTV1; rua=mailto:a@example.com",
  " v=TLSRPTv1; rua=mailto:a@example.com",
  '"v=TLSRPTv1; rua=mailto:a@example.com"',
  "v=TLS-RPTv1; rua=mailto:a@example.com",
  "v=TLSRPT1; rua=mailto:a@example.com",
])("RFC 8460 §3: a record that misses the exact beginning is named as such: %s", (text) => {
  expect(findTlsRptRecord([[text]])).toMatchObject({ ok: false, code: "misspelled-version" });
});

test.each(["v=TLSRPTv1 ; rua=mailto:a@example.com", "v=TLSRPTv1\t ;rua=mailto:a@example.com"])(
  "RFC 8460 §3: a blank before the first semicolon counts, with a warning that some senders drop the record: %j",
  (text) => {
    const warnings = [{ code: "space-before-semicolon" }];
    expect(findTlsRptRecord([[text]])).toMatchObject({ ok: true, rua: ["mailto:a@example.com"], warnings });
    expect(findTlsRptRecord([[text], [RECORD]])).toMatchObject({ ok: false, code: "several-records" });
  },
);
