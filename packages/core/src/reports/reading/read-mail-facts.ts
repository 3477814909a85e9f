import { readTlsReportSubject } from "@waxseal/tls-rpt";

/**
 * What the header of a report mail says about the report; `null` where it says nothing.
 *
 * All of it is a claim by the sender of the mail. RFC 8460 §5.3
 */
export type MailFacts = {
  /** Domain of the one From address. */
  fromDomain: string | null;
  /** `TLS-Report-Domain`, else the domain in the subject. */
  policyDomain: string | null;
  /** `TLS-Report-Submitter`, else the submitter in the subject. */
  submitter: string | null;
};

const MAX_HEADER_BYTES = 256 * 1024;
const USUAL_HEADER_BYTES = 16 * 1024;
const INTERESTING = /^(from|subject|tls-report-domain|tls-report-submitter):(.*)$/i;

/** Reads the few header fields that matter, unfolded; the first of each counts. Never throws. */
export function readMailFacts(mail: Buffer): MailFacts {
  const fields = new Map<string, string>();
  for (const line of headerText(mail)
    .replaceAll(/\r?\n[ \t]+/g, " ")
    .split(/\r?\n/)) {
    if (!/^[fst]/i.test(line)) continue;
    const [, name = "", value = ""] = INTERESTING.exec(line) ?? [];
    if (name && !fields.has(name.toLowerCase())) fields.set(name.toLowerCase(), value.trim());
  }
  const subject = readTlsReportSubject(fields.get("subject") ?? "");
  return {
    fromDomain: addressDomain(fields.get("from")),
    policyDomain: readDomain(fields.get("tls-report-domain")) ?? subject?.policyDomain ?? null,
    submitter: readDomain(fields.get("tls-report-submitter")) ?? subject?.submitter ?? null,
  };
}

/** All header fields by lower-case name, unfolded, the first of each. For the rare mail without a report. */
export function readHeaderFields(mail: Buffer): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of headerText(mail)
    .replaceAll(/\r?\n[ \t]+/g, " ")
    .split(/\r?\n/)) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).trim().toLowerCase();
    if (colon > 0 && !fields.has(name))
      fields.set(
        name,
        line
          .slice(colon + 1)
          .trim()
          .slice(0, 2_000),
      );
  }
  return fields;
}

/** The domain of an address such as `Name <user@example.com>`, lower-case; `null` when there is none. */
export function addressDomain(address: string | null | undefined): string | null {
  const [, domain] =
    /@([^@<>()\s,;"]{1,255})>?\s*(?:\([^()]*\))?\s*$/.exec(address?.slice(0, 2_000) ?? "") ?? [];
  return readDomain(domain);
}

function readDomain(text: string | undefined): string | null {
  const domain = text?.trim().toLowerCase().replace(/\.$/, "") ?? "";
  return /^(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})+$/.test(domain) ? domain : null;
}

/** The bytes of a mail's header, one character each, with either kind of line end; all of it when it has no body. */
export function readHeaderBytes(mail: Buffer): string {
  // As text, since that is searched several times faster than bytes.
  const start = mail.toString("latin1", 0, USUAL_HEADER_BYTES);
  const text = mail.length > start.length && findHeaderEnd(start) < 0 ? mail.toString("latin1") : start;
  const end = findHeaderEnd(text);
  return end < 0 ? text : text.slice(0, end);
}

function findHeaderEnd(text: string): number {
  const crlf = text.indexOf("\r\n\r\n");
  const lf = (crlf < 0 ? text : text.slice(0, crlf)).indexOf("\n\n");
  return lf < 0 ? crlf : lf;
}

function headerText(mail: Buffer): string {
  const bytes = readHeaderBytes(mail.subarray(0, MAX_HEADER_BYTES));
  return /[\x80-\xff]/.test(bytes) ? Buffer.from(bytes, "latin1").toString() : bytes;
}
