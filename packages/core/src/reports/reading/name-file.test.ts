import { expect, test } from "vitest";
import { attached, multipart, REPORT_GZIP } from "../../../testing/create-test-mails.ts";
import { nameFile } from "./name-file.ts";
import { readReportMessage } from "./read-report-message.ts";

const names: [name: string | null, said: string][] = [
  ["notes.pdf", "The file notes.pdf"],
  ["reports.tar.gz", "The file reports.tar.gz"],
  ["google report 3.json", "The file google report 3.json"],
  [null, "The file"],
  ["", "The file"],
  ["sender.example!secret.example!1773446400!1773532799!1.json.gz", "The .json.gz file"],
  ["folder/sender.example!secret.example!1!2.ZIP", "The .zip file"],
  ["report-secret.example.json", "The .json file"],
  ["secret.example", "The file"],
  ["tls_secret.example_2026.xml.gz", "The .xml.gz file"],
  ["b\u00fccher\uff0eexample.json", "The .json file"],
  ["secret\u3002example.gz", "The .gz file"],
  [`secret.example${".gz".repeat(40)}`, "The file"],
];

test.each(names)("a file is named unless its name may hold a domain: %j", (name, said) => {
  expect(nameFile(name)).toBe(said);
});

const FILE = "sender.example!secret.example!1773446400!1773532799!1.json.gz";
const hidden = (bytes: Buffer, fileName = FILE) => ({
  ...attached(bytes, "application/octet-stream"),
  disposition: `attachment; filename="${fileName}"`,
});
const kinds: [string, Buffer][] = [
  ["cut off", multipart([hidden(REPORT_GZIP.subarray(0, -9))])],
  ["damaged", multipart([hidden(Buffer.from("1f8b0800000000000003ffffffff", "hex"))])],
  ["a document", multipart([hidden(Buffer.from("%PDF-1.7"))])],
  ["beside a report", multipart([attached(REPORT_GZIP), hidden(Buffer.from("%PDF-1.7"))])],
  ["a DMARC report", multipart([hidden(Buffer.from('<?xml version="1.0"?><feedback/>'))])],
  ["an archive that is not opened", multipart([hidden(Buffer.from("377abcaf271c0004", "hex"))])],
  [
    "removed on the way",
    Buffer.from(
      [
        "From: tls@sender.example",
        "Subject: Report Domain: secret.example Submitter: sender.example Report-ID: <1@sender.example>",
        "TLS-Report-Domain: secret.example",
        "",
        "The attachment was removed.",
      ].join("\r\n"),
    ),
  ],
];

test.each(kinds)(
  "what a mail's header and file names say of a domain is not repeated: %s",
  async (_name, raw) => {
    const { problems } = await readReportMessage(raw, { transport: "smtp" });
    const said = problems.map(({ detail }) => detail).join(" ");
    expect(said).toMatch(/^[A-Z].*\.$/);
    expect(said).not.toMatch(/secret|!/);
  },
);
