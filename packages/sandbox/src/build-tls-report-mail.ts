import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { formatTlsReport, type TlsReport } from "@waxseal/tls-rpt";
import DKIM from "nodemailer/lib/dkim";
import MimeNode from "nodemailer/lib/mime-node";
import type { Sender } from "./sender-personalities.ts";

const SIGNED_HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"];
const REPORT_HEADERS = ["TLS-Report-Domain", "TLS-Report-Submitter"];

/** One report, ready to be mailed or posted. */
export type TlsReportToSend = {
  sender: Sender;
  report: TlsReport;
  /** The domain the report is about: that of the record that asked for it. */
  policyDomain: string;
};

/** The JSON of a report with its sender's peculiarities. RFC 8460 §4.4 */
export function formatSenderReport({ sender, report }: TlsReportToSend): string {
  const json = formatTlsReport(report);
  if (sender.style !== "microsoft") return json;
  const wire = JSON.parse(json, (key, value) => {
    if (key === "start-datetime" || key === "end-datetime") return String(value).replace(/Z$/, "");
    return key === "mx-host" ? undefined : value;
  });
  return JSON.stringify(wire);
}

/**
 * A TLS report as the mail its sender would send: raw RFC 5322 bytes, CRLF, DKIM-signed when there is a key.
 *
 * `json` overrides the report's text, e.g. to send a broken one; `gzip: false`
 * attaches it as plain `application/tlsrpt+json`.
 *
 * RFC 8460 §5.1, §5.3
 */
export async function buildTlsReportMail(
  input: TlsReportToSend & {
    to: string;
    sentAt: Date;
    dkimPrivateKeyPem?: string;
    json?: string;
    gzip?: boolean;
  },
): Promise<Buffer> {
  const { sender, report, policyDomain, gzip = true } = input;
  const json = input.json ?? formatSenderReport(input);
  const root = new MimeNode('multipart/report; report-type="tlsrpt"', { newline: "win" });
  root.setHeader([
    { key: "From", value: `${sender.organizationName} <${sender.contactInfo}>` },
    { key: "To", value: input.to },
    { key: "Subject", value: reportSubject(input) },
    { key: "Date", value: input.sentAt.toUTCString().replace("GMT", "+0000") },
    { key: "Message-ID", value: messageId(input) },
    { key: "TLS-Report-Domain", value: policyDomain },
    { key: "TLS-Report-Submitter", value: sender.domain },
  ]);
  root
    .createChild("text/plain; charset=utf-8")
    .setContent(
      `This is an aggregate TLS report from ${sender.organizationName} about mail to ${policyDomain} on ${report.reportDay}.\r\n` +
        "It comes from the sandbox: sender and receiver are made up.\r\n",
    );
  const attachment = root.createChild(gzip ? "application/tlsrpt+gzip" : "application/tlsrpt+json", {
    filename: reportFileName(input, gzip),
  });
  attachment.setHeader("Content-Transfer-Encoding", "base64");
  attachment.setContent(gzip ? gzipSync(json) : Buffer.from(json));
  const unsigned = await root.build();
  if (input.dkimPrivateKeyPem === undefined) return unsigned;
  const dkim = new DKIM({
    domainName: sender.domain,
    keySelector: sender.dkimSelector,
    privateKey: input.dkimPrivateKeyPem,
    headerFieldNames: [...SIGNED_HEADERS, ...(sender.style === "microsoft" ? [] : REPORT_HEADERS)].join(":"),
  });
  return buffer(dkim.sign(unsigned));
}

/** `sender!policy-domain!begin!end!unique-id.json[.gz]`, instants in seconds since 1970. RFC 8460 §5.1 */
export function reportFileName({ sender, report, policyDomain }: TlsReportToSend, gzip: boolean): string {
  const seconds = (at: Date) => Math.trunc(at.getTime() / 1000);
  const uniqueId = report.reportId.replaceAll(/[^A-Za-z0-9]/g, "").slice(-20);
  const range = `${seconds(report.startAt)}!${seconds(report.endAt)}`;
  return `${sender.domain}!${policyDomain}!${range}!${uniqueId}.json${gzip ? ".gz" : ""}`;
}

function reportSubject(input: TlsReportToSend): string {
  const id = input.sender.style === "microsoft" ? input.report.reportId : messageId(input);
  return `Report Domain: ${input.policyDomain} Submitter: ${input.sender.domain} Report-ID: ${id}`;
}

function messageId({ sender, report }: TlsReportToSend): string {
  return `<${report.reportId.replaceAll(/[^A-Za-z0-9.+-]/g, ".")}@${sender.domain}>`;
}
