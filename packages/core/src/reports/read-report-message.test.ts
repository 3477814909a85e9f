import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { testPolicy, testReportJson, testReportMail } from "./create-test-report.ts";
import { createTestZip } from "./create-test-zip.ts";
import { readReportMessage } from "./read-report-message.ts";

const JSON_TEXT = testReportJson("2026-03-14", { policies: [testPolicy("example.com")] });
const GZIP = gzipSync(JSON_TEXT);
const NAME = "sender.example!example.com!1773446400!1773532799!1.json.gz";

type Part = { type: string; encoding?: string; disposition?: string; content: string };

function multipart(parts: readonly Part[], type = "mixed"): Buffer {
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

const attached = (content: Buffer, type = "application/octet-stream"): Part => ({
  type,
  encoding: "base64",
  content: base64(content),
});

const text: Part = { type: "text/plain; charset=utf-8", content: "This is an aggregate TLS report." };

const good: Record<string, Buffer> = {
  "RFC 8460 §5.3: multipart/report with a gzip part": testReportMail(JSON_TEXT),
  "RFC 8460 §5.3: a bare gzip part as the whole mail": bareMail("application/tlsrpt+gzip", base64(GZIP)),
  "the whole mail is JSON in quoted-printable": bareMail(
    "application/tlsrpt+json",
    JSON_TEXT.replaceAll("=", "=3D"),
    "quoted-printable",
  ),
  "JSON labelled gzip": multipart([text, attached(Buffer.from(JSON_TEXT), "application/tlsrpt+gzip")]),
  "gzip labelled octet-stream": multipart([text, attached(GZIP)]),
  "gzip labelled as a picture": multipart([attached(GZIP, "image/png")]),
  "gzip labelled as text": multipart([
    { ...attached(GZIP, "text/plain"), disposition: "attachment; filename=report.txt" },
  ]),
  "zip, deflated": multipart([
    attached(createTestZip([{ name: "report.json", bytes: Buffer.from(JSON_TEXT) }])),
  ]),
  "zip, stored, of a gzip": multipart([attached(createTestZip([{ name: NAME, bytes: GZIP, stored: true }]))]),
  "JSON as the text of the mail": bareMail("text/plain", JSON_TEXT, "8bit"),
  "base64 in lines of odd length with blanks and an empty line": bareMail(
    "application/tlsrpt+gzip",
    base64(GZIP, 61).replaceAll("\r\n", " \r\n").replace("\r\n", "\r\n\r\n"),
  ),
  "base64 whose transfer encoding a gateway lost": multipart([
    { type: "application/tlsrpt+gzip", content: base64(GZIP) },
  ]),
  "base64 twice": multipart([attached(Buffer.from(base64(GZIP)))]),
  "forwarded as attachment": multipart([
    text,
    { type: "message/rfc822", content: testReportMail(JSON_TEXT).toString("latin1") },
  ]),
  "forwarded as attachment of an attachment": multipart([
    {
      type: "message/rfc822",
      content: bareMail("message/rfc822", testReportMail(JSON_TEXT).toString("latin1"), "8bit").toString(
        "latin1",
      ),
    },
  ]),
  "line ends without CR": Buffer.from(
    testReportMail(JSON_TEXT).toString("latin1").replaceAll("\r\n", "\n"),
    "latin1",
  ),
  "a byte order mark before JSON": multipart([attached(Buffer.from(`\ufeff${JSON_TEXT}`))]),
  "a nested multipart": multipart([
    text,
    {
      type: "multipart/mixed; boundary=b2",
      content: `--b2\r\nContent-Type: application/x-gzip\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(GZIP)}\r\n--b2--`,
    },
  ]),
};

test.each(Object.entries(good))("found: %s", async (_name, raw) => {
  const { found, problems } = await readReportMessage(raw, { transport: "smtp" });
  expect(problems).toEqual([]);
  expect(found.map(({ json }) => JSON.parse(json.toString("utf8").replace(/^\ufeff/, "")))).toEqual([
    JSON.parse(JSON_TEXT),
  ]);
});

const bad: [string, Buffer, string][] = [
  ["a mail without a report", bareMail("text/plain", "Hello?", "7bit"), "no-report"],
  [
    "a part that is labelled as a report and is none",
    multipart([attached(Buffer.from("%PDF"), "application/tlsrpt+gzip")]),
    "not-json",
  ],
  ["gzip that ends too early", multipart([attached(GZIP.subarray(0, 60))]), "bad-gzip"],
  [
    "gzip with damaged bytes",
    multipart([attached(Buffer.concat([GZIP.subarray(0, 20), Buffer.alloc(50, 7)]))]),
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

test.each(bad)("not found, and said why: %s", async (_name, raw, reason) => {
  const { found, problems } = await readReportMessage(raw, { transport: "smtp" });
  expect(found).toEqual([]);
  expect(problems.map((problem) => problem.reason)).toEqual([reason]);
});

test("several reports in one mail are all found, beside a damaged one", async () => {
  const raw = multipart([attached(GZIP), attached(Buffer.from(JSON_TEXT)), attached(GZIP.subarray(0, 60))]);
  const { found, problems } = await readReportMessage(raw, { transport: "smtp" });
  expect(found).toHaveLength(2);
  expect(problems).toMatchObject([{ reason: "bad-gzip" }]);
});

test("RFC 2231 §3: a file name cut into pieces is put together", async () => {
  const disposition = `attachment; filename*0="${NAME.slice(0, 20)}"; filename*1="${NAME.slice(20)}"`;
  const raw = multipart([{ ...attached(GZIP), disposition }]);
  expect((await readReportMessage(raw, { transport: "smtp" })).found).toMatchObject([{ fileName: NAME }]);
});

test("RFC 8460 §5.3: what the header says about the report is kept beside it, folded or not", async () => {
  const headers = ["TLS-Report-Domain: Example.COM", "TLS-Report-Submitter:\r\n sender.example"];
  const { found } = await readReportMessage(testReportMail(JSON_TEXT, headers), { transport: "smtp" });
  expect(found[0]?.mail?.facts).toEqual({
    fromDomain: "sender.example",
    policyDomain: "example.com",
    submitter: "sender.example",
  });
});

test("a forwarded report is judged by the mail it was sent in, not by the forwarder's", async () => {
  const inner = testReportMail(JSON_TEXT);
  const raw = multipart([{ type: "message/rfc822", content: inner.toString("latin1") }]);
  const { found } = await readReportMessage(raw, { transport: "smtp" });
  expect(found[0]?.mail?.raw.toString("latin1").trimEnd()).toBe(inner.toString("latin1").trimEnd());
});

test("a zip of bombs inflates no more than the budget", async () => {
  const bomb = { name: "a.json", bytes: Buffer.alloc(19 * 1024 * 1024) };
  const raw = createTestZip(new Array(40).fill(bomb));
  const before = process.resourceUsage().maxRSS;
  const { found, problems } = await readReportMessage(raw, { transport: "https" });
  expect(found).toEqual([]);
  expect(problems).toMatchObject([{ reason: "too-large" }]);
  expect(process.resourceUsage().maxRSS - before).toBeLessThan(150 * 1024);
});

test("arbitrary and mutated bytes never throw", async () => {
  const mail = testReportMail(JSON_TEXT);
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
