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

function uuencode(bytes: Buffer): string {
  const lines = ["begin 644 report.json.gz"];
  for (let at = 0; at < bytes.length; at += 45) {
    const chunk = bytes.subarray(at, at + 45);
    const chars = [String.fromCharCode(32 + chunk.length)];
    for (let index = 0; index < chunk.length; index += 3) {
      const triple = ((chunk[index] ?? 0) << 16) | ((chunk[index + 1] ?? 0) << 8) | (chunk[index + 2] ?? 0);
      for (const shift of [18, 12, 6, 0])
        chars.push(String.fromCharCode(32 + ((triple >> shift) & 63) || 96));
    }
    lines.push(chars.join("").replaceAll(" ", "`"));
  }
  return [...lines, "`", "end"].join("\r\n");
}

/** A mail of one part, for tests. */
export function bareMail(contentType: string, content: string, encoding = "base64"): Buffer {
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
  "JSON in a text part beside the greeting, 8bit": multipart([
    text,
    { type: "text/plain; charset=utf-8", encoding: "8bit", content: REPORT_JSON },
  ]),
  "JSON in a text part with a file name": multipart([
    text,
    { type: 'text/plain; name="report.txt"', encoding: "8bit", content: REPORT_JSON },
  ]),
  "gzip in base64 as a text part without a file name": multipart([text, attached(REPORT_GZIP, "text/plain")]),
  "gzip in base64 as the only part, called text": bareMail("text/plain; charset=utf-8", base64(REPORT_GZIP)),
  "base64 of gzip as the text itself": bareMail("text/plain", base64(REPORT_GZIP), "7bit"),
  "base64 of gzip within a text": bareMail(
    "text/plain",
    `Report below:\r\n\r\n${base64(REPORT_GZIP)}\r\n`,
    "7bit",
  ),
  "JSON below a greeting": bareMail("text/plain", `Hello,\r\n\r\n${REPORT_JSON}\r\n-- \r\nJo\r\n`, "8bit"),
  "JSON in the quotation of a reply": bareMail("text/plain", `Look:\r\n> ${REPORT_JSON}\r\n`, "8bit"),
  "JSON pasted into HTML": bareMail(
    "text/html; charset=utf-8",
    `<html><body><pre>${REPORT_JSON.replaceAll('"', "&quot;")}</pre></body></html>`,
    "8bit",
  ),
  "JSON in UTF-16 with a byte order mark": multipart([
    attached(Buffer.from(`\ufeff${REPORT_JSON}`, "utf16le"), "application/json"),
  ]),
  "JSON in UTF-16, called text": multipart([
    attached(Buffer.from(REPORT_JSON, "utf16le"), "text/plain; charset=utf-16le"),
  ]),
  "gzip with a text behind it": multipart([
    attached(Buffer.concat([REPORT_GZIP, Buffer.from("\r\n-- \r\nscanned by a gateway\r\n")])),
  ]),
  "gzip padded with zeros": multipart([attached(Buffer.concat([REPORT_GZIP, Buffer.alloc(400)]))]),
  "gzip of gzip": multipart([attached(gzipSync(REPORT_GZIP))]),
  "gzip of a zip": multipart([
    attached(gzipSync(createTestZip([{ name: "a.json", bytes: Buffer.from(REPORT_JSON) }]))),
  ]),
  "a zip of a zip": multipart([
    attached(
      createTestZip([
        { name: "a.zip", bytes: createTestZip([{ name: "a.json", bytes: Buffer.from(REPORT_JSON) }]) },
      ]),
    ),
  ]),
  "a zip with what macOS adds": multipart([
    attached(
      createTestZip([
        { name: "report.json", bytes: Buffer.from(REPORT_JSON) },
        { name: "__MACOSX/._report.json", bytes: Buffer.from([0, 5, 22, 7]) },
      ]),
    ),
  ]),
  "a zip of a mail": multipart([
    attached(createTestZip([{ name: "a.eml", bytes: testReportMail(REPORT_JSON) }])),
  ]),
  "a gzip of a mail": multipart([attached(gzipSync(testReportMail(REPORT_JSON)), "application/gzip")]),
  "a mail attached in base64": multipart([
    { ...attached(testReportMail(REPORT_JSON)), disposition: "attachment; filename=a.eml" },
  ]),
  uuencoded: bareMail("text/plain", uuencode(REPORT_GZIP), "7bit"),
  "in the base64 form of uuencode": bareMail(
    "text/plain",
    `begin-base64 644 report.json.gz\r\n${base64(REPORT_GZIP)}\r\n====`,
    "7bit",
  ),
  "a nested multipart": multipart([
    text,
    {
      type: "multipart/mixed; boundary=b2",
      content: `--b2\r\nContent-Type: application/x-gzip\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(REPORT_GZIP)}\r\n--b2--`,
    },
  ]),
};

function packed(layers: number): Buffer {
  return layers === 0 ? Buffer.from(REPORT_JSON) : gzipSync(packed(layers - 1));
}

/** Mails without a usable report: what is wrong, the mail, and the reason to be given. */
export const BAD_MAILS: [string, Buffer, string][] = [
  ["a mail without a report", bareMail("text/plain", "Hello?", "7bit"), "ordinary-mail"],
  [
    "a part that is labelled as a report and is none",
    multipart([attached(Buffer.from("%PDF"), "application/tlsrpt+gzip")]),
    "not-json",
  ],
  ["gzip that ends too early", multipart([attached(REPORT_GZIP.subarray(0, 60))]), "truncated"],
  [
    "gzip with damaged bytes",
    multipart([attached(Buffer.concat([REPORT_GZIP.subarray(0, -8), Buffer.alloc(8, 7)]))]),
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
    "truncated",
  ],
  [
    "a tar archive in gzip",
    multipart([
      attached(
        gzipSync(Buffer.concat([Buffer.alloc(257, "a"), Buffer.from("ustar\x0000"), Buffer.alloc(760)])),
      ),
    ]),
    "unsupported-archive",
  ],
  ["7-Zip", multipart([attached(Buffer.from("377abcaf271c0004aaaa", "hex"))]), "unsupported-archive"],
  [
    "a zip with a password",
    multipart([
      attached(createTestZip([{ name: "a.json", bytes: Buffer.from(REPORT_JSON), encrypted: true }])),
    ]),
    "encrypted-archive",
  ],
  [
    "a zip of something else",
    multipart([attached(createTestZip([{ name: "a.txt", bytes: Buffer.from("x") }]))]),
    "no-report",
  ],
  ["gzip in gzip in gzip in gzip in gzip", multipart([attached(packed(6))]), "over-limit"],
  ["no bytes at all", Buffer.alloc(0), "empty"],
  ["only blanks", Buffer.from("\r\n\r\n"), "empty"],
  ["a web page", Buffer.from("<!DOCTYPE html><html><body>502 Bad Gateway</body></html>"), "web-page"],
  ["neither mail nor report", Buffer.from([0xff, 0xd0, 0xff, 0xe0]), "not-json"],
  ["a picture", Buffer.from([0xff, 0xd8, 0xff, 0xe0]), "no-report"],
];
