import { deflateRawSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readTlsReportMail } from "./read-tls-report-mail.ts";

const NAME = "reporter.example!example.com!1767225600!1767311999!1.json";

const report = (id: string) =>
  JSON.stringify({
    "organization-name": "Reporter",
    "date-range": { "start-datetime": "2026-01-01T00:00:00Z", "end-datetime": "2026-01-01T23:59:59Z" },
    "contact-info": "tls@reporter.example",
    "report-id": id,
    policies: [
      {
        policy: { "policy-type": "sts", "policy-domain": "example.com" },
        summary: { "total-successful-session-count": 3, "total-failure-session-count": 0 },
      },
    ],
  });

/** One stored or deflated file after the other, then the directory. */
function zip(files: [name: string, content: string, method?: number, flags?: number][]): Buffer {
  const locals: Buffer[] = [];
  const entries: Buffer[] = [];
  let at = 0;
  for (const [name, content, method = 8, flags = 0] of files) {
    const packed = method === 8 ? deflateRawSync(content) : Buffer.from(content);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(Buffer.byteLength(name), 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(flags, 8);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt16LE(Buffer.byteLength(name), 28);
    entry.writeUInt32LE(at, 42);
    locals.push(local, Buffer.from(name), packed);
    entries.push(entry, Buffer.from(name));
    at += 30 + Buffer.byteLength(name) + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, ...entries, end]);
}

function mailOf(content: Buffer, options: { type?: string; encoding?: "base64" | "8bit" } = {}): Buffer {
  const { type = "application/tlsrpt+gzip", encoding = "base64" } = options;
  const lines = content.toString("base64").replace(/(.{76})/g, "$1\r\n");
  const head = `From: tls@reporter.example\r\nSubject: Report Domain: example.com\r\n Submitter: reporter.example Report-ID: <1@reporter.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type="tlsrpt";\r\n boundary="=_b"\r\n\r\nPreamble\r\n--=_b\r\nContent-Type: text/plain\r\n\r\nThis is a report.\r\n--=_b\r\nContent-Type: ${type};\r\n name="${NAME}.gz"\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`;
  const body = encoding === "base64" ? Buffer.from(lines) : content;
  return Buffer.concat([Buffer.from(head), body, Buffer.from("\r\n--=_b--\r\nEpilogue {}\r\n")]);
}

const ids = async (mail: Uint8Array) =>
  (await readTlsReportMail(mail)).reports.map((one) => (one.ok ? one.report.reportId : one.code));

const readable: [string, () => Buffer, string[]][] = [
  ["gzip in base64", () => mailOf(gzipSync(report("a"))), ["a"]],
  ["gzip in 8bit", () => mailOf(gzipSync(report("a")), { encoding: "8bit" }), ["a"]],
  [
    "gzip with a wrong type",
    () => mailOf(gzipSync(report("a")), { type: "application/octet-stream" }),
    ["a"],
  ],
  ["JSON as text", () => mailOf(Buffer.from(report("a")), { type: "text/plain" }), ["a"]],
  [
    "zip of two",
    () =>
      mailOf(
        zip([
          ["x.json", report("a")],
          ["y.json", report("b"), 0],
        ]),
      ),
    ["a", "b"],
  ],
  [
    "a mail inside a mail",
    () =>
      Buffer.concat([
        Buffer.from("Subject: Fwd\r\nContent-Type: message/rfc822\r\n\r\n"),
        mailOf(gzipSync(report("a"))),
      ]),
    ["a"],
  ],
  [
    "a mail that is only a report",
    () =>
      Buffer.concat([
        Buffer.from("Content-Type: application/tlsrpt+gzip\nContent-Transfer-Encoding: base64\n\n"),
        Buffer.from(gzipSync(report("a")).toString("base64")),
      ]),
    ["a"],
  ],
  [
    "quoted-printable JSON",
    () =>
      Buffer.from(
        `Content-Transfer-Encoding: quoted-printable\n\n${report("a")
          .replaceAll("=", "=3D")
          .replace(/(.{70})/g, "$1=\n")}`,
      ),
    ["a"],
  ],
  ["gzip, no mail around it", () => gzipSync(report("a")), ["a"]],
  ["JSON, no mail around it", () => Buffer.from(report("a")), ["a"]],
];
test.each(readable)("a report is found in %s (RFC 8460 §5.3)", async (_, mail, expected) => {
  expect(await ids(mail())).toEqual(expected);
});

test("quoted-printable keeps bytes that are not escaped (RFC 8460 §5.3)", async () => {
  const named = report("a").replace('"Reporter"', '"Zażółć “x”"').replaceAll("=", "=3D");
  const mail = Buffer.from(
    `Content-Transfer-Encoding: quoted-printable\n\n${named.replace(",", ",=  \r\n")}`,
  );
  const { reports } = await readTlsReportMail(mail);
  expect(reports).toMatchObject([{ ok: true, report: { organizationName: "Zażółć “x”" } }]);
});

test("a report without organisation and domain takes them from the file name (RFC 8460 §5.1)", async () => {
  const bare = report("a")
    .replace('"organization-name":"Reporter",', "")
    .replace('"policy-domain":"example.com"', '"x":1');
  const { reports } = await readTlsReportMail(mailOf(gzipSync(bare)));
  expect(reports).toMatchObject([
    { ok: true, fileName: `${NAME}.gz`, report: { policies: [{ policyDomain: "example.com" }] } },
  ]);
});

const hostile: [string, () => Buffer, RegExp][] = [
  ["a bomb in gzip", () => mailOf(gzipSync(Buffer.alloc(3_000_000, "{"))), /more than 1000000 bytes/],
  ["a bomb in zip", () => mailOf(zip([["a.json", "{".repeat(3_000_000)]])), /more than 1000000 bytes/],
  ["a cut gzip", () => mailOf(gzipSync(report("a")).subarray(0, 60)), /damaged or cut off/],
  ["a zip with a password", () => mailOf(zip([["a.json", report("a"), 8, 1]])), /password/],
  ["a zip packed in another way", () => mailOf(zip([["a.json", report("a"), 12]])), /other than Deflate/],
  [
    "a zip without an end",
    () => mailOf(zip([["a.json", report("a")]]).subarray(0, 100)),
    /end of the archive/,
  ],
  [
    "a zip of 21 files",
    () => mailOf(zip(Array.from({ length: 21 }, (_, n) => [`${n}.json`, "{}"]))),
    /more than 20 files/,
  ],
];
test.each(hostile)("%s is refused with the reason (RFC 8460 §5.2, RFC 8460 §7)", async (_, mail, problem) => {
  const { unreadable } = await readTlsReportMail(mail(), { mailLimits: { maxInflatedBytes: 1_000_000 } });
  expect(unreadable).toMatchObject([{ problem: expect.stringMatching(problem) }]);
});

test("depth and parts of a mail are bounded (RFC 8460 §7)", async () => {
  const nested = "Content-Type: message/rfc822\n\n".repeat(50_000);
  expect(await ids(Buffer.from(nested + report("a")))).toEqual([]);
  const parts = `Content-Type: multipart/mixed; boundary=b\n\n${"--b\n\n{}\n".repeat(1_000)}--b--`;
  expect(await ids(Buffer.from(parts))).toHaveLength(100);
  const { unreadable } = await readTlsReportMail(Buffer.alloc(50), { mailLimits: { maxMailBytes: 49 } });
  expect(unreadable).toHaveLength(1);
});

test("no mail makes the reader throw (RFC 8460 §7)", async () => {
  const seed = mailOf(zip([["x.json", report("a")]]));
  const changed = fc.array(fc.tuple(fc.nat(seed.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(changed, async (changes) => {
      const mail = Buffer.from(seed);
      for (const [at, value] of changes) mail[at] = value;
      await readTlsReportMail(mail);
      await readTlsReportMail(mail.subarray(mail.length >> 1));
    }),
    { numRuns: 200 },
  );
});
