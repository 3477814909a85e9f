import { gzipSync } from "node:zlib";
import { testPolicy, testReportJson, testReportMail } from "./create-test-report.ts";
import { createTestZip } from "./create-test-zip.ts";

/** The report in all mails below. */
export const REPORT_JSON = testReportJson("2026-03-14", { policies: [testPolicy("example.com")] });
/** The same, compressed. */
export const REPORT_GZIP = gzipSync(REPORT_JSON);
/** A file name as RFC 8460 §5.1 asks for. */
export const REPORT_FILE_NAME = "sender.example!example.com!1773446400!1773532799!1.json.gz";

type Part = { type: string; encoding?: string; disposition?: string; content: string };

/** A multipart mail of these parts, for tests. */
export function multipart(parts: readonly Part[], type = "mixed"): Buffer {
  const lines = parts.flatMap(({ type: partType, encoding, disposition, content }) => [
    "--b1",
    `Content-Type: ${partType}`,
    ...(encoding ? [`Content-Transfer-Encoding: ${encoding}`] : []),
    ...(disposition ? [`Content-Disposition: ${disposition}`] : []),
    "",
    content,
  ]);
  const head = [
    "From: a@sender.example",
    "MIME-Version: 1.0",
    `Content-Type: multipart/${type}; boundary=b1`,
    "",
  ];
  return Buffer.from([...head, ...lines, "--b1--", ""].join("\r\n"), "latin1");
}

function base64(bytes: Buffer, lineLength = 76): string {
  return (
    bytes
      .toString("base64")
      .match(new RegExp(`.{1,${lineLength}}`, "g"))
      ?.join("\r\n") ?? ""
  );
}

function bareMail(contentType: string, content: string, encoding = "base64"): Buffer {
  const head = [
    "From: a@sender.example",
    `Content-Type: ${contentType}`,
    `Content-Transfer-Encoding: ${encoding}`,
    "",
  ];
  return Buffer.from([...head, content, ""].join("\r\n"), "latin1");
}

/** Bytes as an attachment in base64. */
export const attached = (content: Buffer, type = "application/octet-stream"): Part => ({
  type,
  encoding: "base64",
  content: base64(content),
});

const text: Part = { type: "text/plain; charset=utf-8", content: "This is an aggregate TLS report." };

/** Mails with exactly that report in them, by what is odd about them. */
export const GOOD_MAILS: Record<string, Buffer> = {
  "RFC 8460 §5.3: multipart/report with a gzip part": testReportMail(REPORT_JSON),
  "RFC 8460 §5.3: a bare gzip part as the whole mail": bareMail(
    "application/tlsrpt+gzip",
    base64(REPORT_GZIP),
  ),
  "the whole mail is JSON in quoted-printable": bareMail(
    "application/tlsrpt+json",
    REPORT_JSON.replaceAll("=", "=3D"),
    "quoted-printable",
  ),
  "JSON labelled gzip": multipart([text, attached(Buffer.from(REPORT_JSON), "application/tlsrpt+gzip")]),
  "gzip labelled octet-stream": multipart([text, attached(REPORT_GZIP)]),
  "gzip labelled as a picture": multipart([attached(REPORT_GZIP, "image/png")]),
  "gzip labelled as text": multipart([
    { ...attached(REPORT_GZIP, "text/plain"), disposition: "attachment; filename=report.txt" },
  ]),
  "zip, deflated": multipart([
    attached(createTestZip([{ name: "report.json", bytes: Buffer.from(REPORT_JSON) }])),
  ]),
  "zip, stored, of a gzip": multipart([
    attached(createTestZip([{ name: REPORT_FILE_NAME, bytes: REPORT_GZIP, stored: true }])),
  ]),
  "JSON as the text of the mail": bareMail("text/plain", REPORT_JSON, "8bit"),
  "base64 in lines of odd length with blanks and an empty line": bareMail(
    "application/tlsrpt+gzip",
    base64(REPORT_GZIP, 61).replaceAll("\r\n", " \r\n").replace("\r\n", "\r\n\r\n"),
  ),
  "base64 whose transfer encoding a gateway lost": multipart([
    { type: "application/tlsrpt+gzip", content: base64(REPORT_GZIP) },
  ]),
  "base64 twice": multipart([attached(Buffer.from(base64(REPORT_GZIP)))]),
  "forwarded as attachment": multipart([
    text,
    { type: "message/rfc822", content: testReportMail(REPORT_JSON).toString("latin1") },
  ]),
  "forwarded as attachment of an attachment": multipart([
    {
      type: "message/rfc822",
      content: bareMail("message/rfc822", testReportMail(REPORT_JSON).toString("latin1"), "8bit").toString(
        "latin1",
      ),
    },
  ]),
  "line ends without CR": Buffer.from(
    testReportMail(REPORT_JSON).toString("latin1").replaceAll("\r\n", "\n"),
    "latin1",
  ),
  "a byte order mark before JSON": multipart([attached(Buffer.from(`\ufeff${REPORT_JSON}`))]),
  "a nested multipart": multipart([
    text,
    {
      type: "multipart/mixed; boundary=b2",
      content: `--b2\r\nContent-Type: application/x-gzip\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(REPORT_GZIP)}\r\n--b2--`,
    },
  ]),
};

/** Mails without a usable report: what is wrong, the mail, and the reason to be given. */
export const BAD_MAILS: [string, Buffer, string][] = [
  ["a mail without a report", bareMail("text/plain", "Hello?", "7bit"), "no-report"],
  [
    "a part that is labelled as a report and is none",
    multipart([attached(Buffer.from("%PDF"), "application/tlsrpt+gzip")]),
    "not-json",
  ],
  ["gzip that ends too early", multipart([attached(REPORT_GZIP.subarray(0, 60))]), "bad-gzip"],
  [
    "gzip with damaged bytes",
    multipart([attached(Buffer.concat([REPORT_GZIP.subarray(0, 20), Buffer.alloc(50, 7)]))]),
    "bad-gzip",
  ],
  [
    "a gzip of 200 MB of nothing",
    multipart([attached(gzipSync(Buffer.alloc(200 * 1024 * 1024)))]),
    "too-large",
  ],
  [
    "a zip without directory",
    multipart([attached(Buffer.concat([Buffer.from("PK\x03\x04"), Buffer.alloc(60)]))]),
    "bad-gzip",
  ],
  ["no bytes at all", Buffer.alloc(0), "no-report"],
  ["neither mail nor report", Buffer.from([0xff, 0xd8, 0xff, 0xe0]), "not-json"],
];
