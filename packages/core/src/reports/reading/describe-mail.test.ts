import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { QuarantineReason } from "@waxseal/contract";
import { expect, test } from "vitest";
import { attached, bareMail, multipart, REPORT_GZIP } from "../../../testing/create-test-mails.ts";
import { explainQuarantine } from "./explain-quarantine.ts";
import { readReportMessage } from "./read-report-message.ts";

const fixture = (name: string) => readFileSync(new URL(`../../../testing/mails/${name}`, import.meta.url));
const dmarc = Buffer.from('<?xml version="1.0"?>\n<feedback><report_metadata/></feedback>');

/** A mail with these header fields and this text. */
function mail(fields: readonly string[], text: string, type = "text/plain"): Buffer {
  return Buffer.from([...fields, `Content-Type: ${type}`, "", text, ""].join("\r\n"));
}

function report(type: string, part: string): Buffer {
  const body = ["--b1", "Content-Type: text/plain", "", "See below.", "--b1", ...part.split("\n"), "--b1--"];
  return mail(
    ["From: MAILER-DAEMON@mx.example", "Subject: x"],
    body.join("\r\n"),
    `multipart/report; report-type=${type}; boundary=b1`,
  );
}

const kinds: [string, Buffer, string, RegExp][] = [
  [
    "a DMARC aggregate report",
    fixture("dmarc-report-at-tls-address.eml"),
    "dmarc-report",
    /is a DMARC aggregate report/,
  ],
  ["a DMARC report in XML", multipart([attached(dmarc, "text/xml")]), "dmarc-report", /DMARC/],
  [
    "a DMARC report in gzip",
    multipart([attached(gzipSync(dmarc), "application/gzip")]),
    "dmarc-report",
    /DMARC/,
  ],
  [
    "a TLS report without its attachment",
    fixture("attachment-stripped.eml"),
    "attachment-removed",
    /^A TLS report of microsoft\.com is announced, but its attachment is missing/,
  ],
  [
    "a mail whose attachment a scanner removed",
    mail(["From: a@sender.example"], "The attachment report.json.gz was removed by the virus scanner."),
    "attachment-removed",
    /an attachment was removed/,
  ],
  [
    "a DMARC failure report",
    report(
      "feedback-report",
      "Content-Type: message/feedback-report\n\nFeedback-Type: auth-failure\nVersion: 1",
    ),
    "dmarc-failure-report",
    /DMARC failure report/,
  ],
  [
    "a spam complaint",
    report("feedback-report", "Content-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1"),
    "abuse-report",
    /spam complaint/,
  ],
  [
    "a bounce",
    report("delivery-status", "Content-Type: message/delivery-status\n\nAction: failed"),
    "bounce",
    /could not be delivered/,
  ],
  [
    "a bounce with the returned mail",
    report("delivery-status", "Content-Type: message/rfc822\n\nSubject: hello\n\nhello"),
    "bounce",
    /could not be delivered/,
  ],
  [
    "an old bounce",
    mail(["From: Mailer-Daemon@mx.example", "Subject: Undeliverable: hello"], "No such user"),
    "bounce",
    /bounce/,
  ],
  [
    "an automatic reply",
    mail(["Auto-Submitted: auto-replied", "Subject: Re: report"], "I am away."),
    "auto-reply",
    /automatic reply/,
  ],
  [
    "an out-of-office message",
    mail(["Subject: Out of office: report"], "I am away."),
    "auto-reply",
    /automatic reply/,
  ],
  [
    "a read receipt",
    report(
      "disposition-notification",
      "Content-Type: message/disposition-notification\n\nDisposition: displayed",
    ),
    "read-receipt",
    /read receipt/,
  ],
  [
    "a mail encrypted with S/MIME",
    bareMail("application/pkcs7-mime; smime-type=enveloped-data", "MIAGCSqG"),
    "encrypted-mail",
    /encrypted/,
  ],
  [
    "a mail encrypted with PGP",
    mail(
      ["From: a@sender.example"],
      "--b1\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--b1--",
      "multipart/encrypted; boundary=b1",
    ),
    "encrypted-mail",
    /encrypted/,
  ],
  [
    "a link to a portal",
    mail(
      ["Subject: You have a secure message"],
      '<p>Click to <a href="https://portal.example/m">read the secure message</a></p>',
      "text/html",
    ),
    "portal-page",
    /only a link/,
  ],
  [
    "a request to confirm",
    mail(["Subject: Please confirm your email address"], "https://list.example/confirm"),
    "confirmation",
    /asks to confirm/,
  ],
  [
    "a mail",
    mail(["Subject: Cheap watches"], "Buy now: https://shop.example"),
    "ordinary-mail",
    /without a report/,
  ],
  [
    "a mail with a document",
    multipart([attached(Buffer.from("%PDF-1.7"), "application/pdf")]),
    "no-report",
    /PDF document/,
  ],
  ["a cut off report", multipart([attached(REPORT_GZIP.subarray(0, -9))]), "truncated", /ends too early/],
];

test.each(kinds)("quarantine says what it is: %s", async (_name, raw, reason, detail) => {
  const { found, problems } = await readReportMessage(raw, { transport: "smtp" });
  expect(found).toEqual([]);
  expect(problems).toEqual([{ reason, detail: expect.stringMatching(detail) }]);
});

test("every kind in quarantine has a title and says what to do; that of DMARC names the record to change", () => {
  for (const reason of QuarantineReason.options) {
    const { title, nextStep } = explainQuarantine(reason, "orchard.example");
    expect([title, nextStep].every((words) => /^[A-Z].{5,}/.test(words))).toBe(true);
    expect(`${title} ${nextStep}`).not.toContain(reason);
  }
  expect(explainQuarantine("dmarc-report", "orchard.example").nextStep).toContain("_dmarc.orchard.example");
});
