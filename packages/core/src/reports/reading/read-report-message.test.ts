import { gzipSync } from "node:zlib";
import { parseTlsReport, parseTlsReports } from "@waxseal/tls-rpt";
import { expect, test } from "vitest";
import {
  attached,
  BAD_MAILS,
  bareMail,
  GOOD_MAILS,
  multipart,
  REPORT_FILE_NAME,
  REPORT_GZIP,
  REPORT_JSON,
} from "../../../testing/create-test-mails.ts";
import { testReportMail } from "../../../testing/create-test-report.ts";
import { createTestZip } from "../../../testing/create-test-zip.ts";
import { readReportMessage } from "./read-report-message.ts";

/** Without where and why they were repaired. */
function readReports(json: Buffer) {
  return parseTlsReports(json).results.map((result) =>
    result.ok ? { ok: true, report: result.report, quirks: [] } : result,
  );
}

test.each(Object.entries(GOOD_MAILS))("found: %s", async (_name, raw) => {
  const { found, problems } = await readReportMessage(raw, { transport: "smtp" });
  expect(problems).toEqual([]);
  expect(found.map(({ json }) => readReports(json))).toEqual([[parseTlsReport(REPORT_JSON)]]);
});

test.each(BAD_MAILS)("not found, and said why: %s", async (_name, raw, reason) => {
  const { found, problems } = await readReportMessage(raw, { transport: "smtp" });
  expect(found).toEqual([]);
  expect(problems.map((problem) => problem.reason)).toEqual([reason]);
});

test("several reports in one mail are all found, beside a damaged one", async () => {
  const raw = multipart([
    attached(REPORT_GZIP),
    attached(Buffer.from(REPORT_JSON)),
    attached(REPORT_GZIP.subarray(0, 60)),
  ]);
  const { found, problems } = await readReportMessage(raw, { transport: "smtp" });
  expect(found).toHaveLength(2);
  expect(problems).toMatchObject([{ reason: "truncated" }]);
});

test("RFC 2231 §3: a file name cut into pieces is put together", async () => {
  const disposition = `attachment; filename*0="${REPORT_FILE_NAME.slice(0, 20)}"; filename*1="${REPORT_FILE_NAME.slice(20)}"`;
  const raw = multipart([{ ...attached(REPORT_GZIP), disposition }]);
  expect((await readReportMessage(raw, { transport: "smtp" })).found).toMatchObject([
    { fileName: REPORT_FILE_NAME },
  ]);
});

test("RFC 8460 §5.3: what the header says about the report is kept beside it, folded or not", async () => {
  const headers = ["TLS-Report-Domain: Example.COM", "TLS-Report-Submitter:\r\n sender.example"];
  const { found } = await readReportMessage(testReportMail(REPORT_JSON, headers), { transport: "smtp" });
  expect(found[0]?.mail?.facts).toEqual({
    fromDomain: "sender.example",
    policyDomain: "example.com",
    submitter: "sender.example",
  });
});

test("a forwarded report is judged by the mail it was sent in, not by the forwarder's", async () => {
  const inner = testReportMail(REPORT_JSON);
  const raw = multipart([{ type: "message/rfc822", content: inner.toString("latin1") }]);
  const { found } = await readReportMessage(raw, { transport: "smtp" });
  expect(found[0]?.mail?.raw.toString("latin1").trimEnd()).toBe(inner.toString("latin1").trimEnd());
});

test("RFC 1952 §2.2: all members of a gzip are read, also with a text behind them", async () => {
  const members = Buffer.concat([gzipSync(REPORT_JSON, { level: 1 }), gzipSync(`\n${REPORT_JSON}`)]);
  for (const rest of ["", "\n", "-- \nfooter"]) {
    const { found } = await readReportMessage(Buffer.concat([members, Buffer.from(rest)]), {
      transport: "https",
    });
    expect(found.flatMap(({ json }) => readReports(json))).toHaveLength(2);
    expect(found[0]?.hasLeftOver ?? false).toBe(rest.trim() !== "");
  }
});

test("a report behind compressed data is read, too", async () => {
  const raw = Buffer.concat([REPORT_GZIP, Buffer.from(`\n${REPORT_JSON}`)]);
  expect((await readReportMessage(raw, { transport: "https" })).found).toHaveLength(2);
});

test("items beyond a limit are reported with their number, never omitted silently", async () => {
  const entry = (name: string) => ({ name, bytes: Buffer.from(REPORT_JSON) });
  const zip = createTestZip(Array.from({ length: 230 }, (_, n) => entry(`${n}.json`)));
  const { found, problems } = await readReportMessage(zip, { transport: "https" });
  expect(found).toHaveLength(200);
  expect(problems).toMatchObject([
    { reason: "over-limit", detail: expect.stringContaining("30 of 230 files or mails were left out") },
  ]);
  let nested = testReportMail(REPORT_JSON);
  for (let depth = 0; depth < 6; depth++) {
    nested = bareMail("message/rfc822", nested.toString("latin1"), "8bit");
  }
  expect(await readReportMessage(nested, { transport: "smtp" })).toMatchObject({
    found: [],
    problems: [{ reason: "over-limit" }],
  });
});

test("an attachment beside a report that cannot be one is mentioned; pictures and signatures are not", async () => {
  const raw = multipart([
    attached(REPORT_GZIP),
    { ...attached(Buffer.from("%PDF-1.7")), disposition: "attachment; filename=notes.pdf" },
    attached(Buffer.from("89504e470d0a1a0a", "hex"), "image/png"),
    attached(Buffer.from("3080", "hex"), "application/pkcs7-signature"),
  ]);
  const { found, problems } = await readReportMessage(raw, { transport: "smtp" });
  expect(found).toHaveLength(1);
  expect(problems).toEqual([
    { reason: "no-report", detail: "The file notes.pdf is not a TLS report and was left out." },
  ]);
});

test("a zip of bombs inflates no more than the budget", async () => {
  const bomb = { name: "a.json", bytes: Buffer.alloc(19 * 1024 * 1024) };
  const raw = createTestZip(new Array(9).fill(bomb));
  const before = process.resourceUsage().maxRSS;
  const { found, problems } = await readReportMessage(raw, { transport: "https" });
  expect(found).toEqual([]);
  expect(problems.map(({ reason }) => reason)).toEqual(["no-report", "no-report", "too-large", "over-limit"]);
  expect(problems.at(-1)?.detail).toContain("6 of 9 files or mails were left out");
  expect(process.resourceUsage().maxRSS - before).toBeLessThan(150 * 1024);
});

test("arbitrary and mutated bytes never throw", async () => {
  const mail = testReportMail(REPORT_JSON);
  for (let round = 0; round < 300; round++) {
    const mutated = Buffer.from(mail);
    for (let change = 0; change < 1 + (round % 8); change++) {
      mutated[(round * 7_919 + change * 104_729) % mutated.length] = (round * 31 + change * 17) % 256;
    }
    const cut = mutated.subarray(0, mutated.length - (round % 50) * 9);
    const { found, problems } = await readReportMessage(cut, { transport: "smtp" });
    expect(found.length + problems.length).toBeGreaterThan(0);
  }
});
