import { identifyContent } from "./identify-content.ts";
import { nameFile } from "./name-file.ts";
import { readHeaderFields, readMailFacts } from "./read-mail-facts.ts";
import type { MailPart } from "./read-mail-parts.ts";
import type { ReportProblem } from "./report-problem.ts";

type Mail = { fields: Map<string, string>; parts: readonly MailPart[]; text: string };

const MAX_TEXT_CHARS = 20_000;
/** What mail programs add to any mail. */
const ADDED_TYPES =
  /^(?:text\/|image\/|multipart\/|application\/(?:pkcs7-signature|x-pkcs7-signature|pgp-signature|pgp-keys|ms-tnef)|message\/)/;

/**
 * Says what a mail without a report is, as exactly as possible: first by what its header states, then by what is attached,
 * then by its words. Never throws.
 */
export function describeMail(raw: Buffer, parts: readonly MailPart[]): ReportProblem {
  const text = parts
    .filter(({ isBody }) => isBody)
    .map(({ bytes }) => bytes.toString("utf8", 0, MAX_TEXT_CHARS))
    .join("\n")
    .slice(0, MAX_TEXT_CHARS);
  const mail: Mail = { fields: readHeaderFields(raw), parts, text };
  return (
    describeByHeader(mail.fields, parts) ??
    describeMissingReport(raw, mail) ??
    describeAttachment(parts) ??
    describeByWords(mail)
  );
}

/** Whether the header says that the mail is a kind of its own, whatever it quotes: a bounce, an automatic answer, a complaint. */
export function isSpecialMail(raw: Buffer): boolean {
  return describeByHeader(readHeaderFields(raw), []) !== undefined;
}

/** What is attached beside a report and cannot hold one. Text, pictures and signatures belong to many mails and are not mentioned. */
export function describeLeftOut(parts: readonly MailPart[]): ReportProblem[] {
  return parts.flatMap((part) => {
    const { kind } = identifyContent(part.bytes);
    if (part.isBody || ADDED_TYPES.test(part.contentType) || (kind !== "document" && kind !== "other"))
      return [];
    return [
      {
        reason: "no-report" as const,
        detail: `${nameFile(part.fileName)} is not a TLS report and was left out.`,
      },
    ];
  });
}

function describeByHeader(
  fields: Map<string, string>,
  parts: readonly MailPart[],
): ReportProblem | undefined {
  const contentType = fields.get("content-type") ?? "";
  const [, reportType = ""] = /report-type="?([\w-]+)/i.exec(contentType) ?? [];
  const subject = fields.get("subject") ?? "";
  if (/^feedback-report$/i.test(reportType)) return describeFeedback(parts);
  if (/^disposition-notification$/i.test(reportType)) {
    return { reason: "read-receipt", detail: "It is a read receipt, not a report." };
  }
  if (/^delivery-status$/i.test(reportType) || isBounceWithoutType(fields, subject)) {
    return { reason: "bounce", detail: "It is a notice that a mail could not be delivered (a bounce)." };
  }
  if (/^multipart\/encrypted|pkcs7-mime/i.test(contentType) && !/smime-type="?signed/i.test(contentType)) {
    return {
      reason: "encrypted-mail",
      detail: "The whole mail is encrypted, so Waxseal cannot look into it.",
    };
  }
  const isAutomatic = /^auto-replied/i.test(fields.get("auto-submitted") ?? "");
  const isOutOfOffice =
    fields.has("x-autoreply") ||
    fields.has("x-autorespond") ||
    /^(?:auto(?:matic|matische)?[ -]?(?:reply|response|antwort)|out of (?:the )?office|abwesenheit|réponse automatique)/i.test(
      subject,
    );
  if (isAutomatic || isOutOfOffice) {
    return { reason: "auto-reply", detail: "It is an automatic reply, such as an out-of-office message." };
  }
  return undefined;
}

function isBounceWithoutType(fields: Map<string, string>, subject: string): boolean {
  const isFromDaemon = /\b(?:mailer-daemon|postmaster)@/i.test(fields.get("from") ?? "");
  return (
    (isFromDaemon || fields.get("return-path") === "<>") &&
    /undeliver|delivery (?:status|failure)|failure notice|returned mail|mail delivery failed|nicht zugestellt/i.test(
      subject,
    )
  );
}

/** RFC 5965 §3.1, RFC 6591 §3.1 */
function describeFeedback(parts: readonly MailPart[]): ReportProblem {
  const feedback = parts.find(({ contentType }) => contentType === "message/feedback-report");
  const isDmarc = /^feedback-type:\s*auth-failure/im.test(
    feedback?.bytes.toString("latin1", 0, MAX_TEXT_CHARS) ?? "",
  );
  return isDmarc
    ? {
        reason: "dmarc-failure-report",
        detail: "It is a DMARC failure report about one mail, not a TLS report.",
      }
    : {
        reason: "abuse-report",
        detail: "It is a spam complaint in the Abuse Reporting Format (ARF), not a TLS report.",
      };
}

/**
 * The header and the subject of a report mail name the domain and the submitter. The domain may be another account's and is left out.
 *
 * RFC 8460 §5.3
 */
function describeMissingReport(raw: Buffer, { fields, parts, text }: Mail): ReportProblem | undefined {
  const facts = readMailFacts(raw);
  const isTlsReport =
    fields.has("tls-report-domain") ||
    fields.has("tls-report-submitter") ||
    /report-type="?tlsrpt/i.test(fields.get("content-type") ?? "") ||
    parts.some(({ contentType }) => contentType.includes("tlsrpt"));
  const isNamedReport = facts.policyDomain !== null && facts.submitter !== null;
  const saysSo = /\b(?:aggregate )?(?:smtp )?tls(?:[ -]?rpt)?[ -]report\b/i.test(text);
  if (!isTlsReport && !(isNamedReport && saysSo)) {
    if (
      !/\b(?:attachment|file)s?\b[^\n]{0,80}\b(?:removed|stripped|deleted|blocked|quarantined)\b/i.test(text)
    )
      return undefined;
    return {
      reason: "attachment-removed",
      detail: "Its text says that an attachment was removed on the way.",
    };
  }
  const whose = facts.submitter === null ? "A TLS report" : `A TLS report of ${facts.submitter}`;
  return {
    reason: "attachment-removed",
    detail: `${whose} is announced, but its attachment is missing: it was removed on the way.`,
  };
}

function describeAttachment(parts: readonly MailPart[]): ReportProblem | undefined {
  const isEncrypted = parts.some(({ contentType }) => /pkcs7-mime|pgp-encrypted/.test(contentType));
  if (isEncrypted) {
    return { reason: "encrypted-mail", detail: "The mail is encrypted, so Waxseal cannot look into it." };
  }
  const [attached] = parts.filter(
    (part) => !part.isBody && !/^(?:text|image)\/|signature/.test(part.contentType) && part.bytes.length > 0,
  );
  if (!attached) return undefined;
  const content = identifyContent(attached.bytes);
  const what = content.kind === "document" ? `is ${content.name}, which is` : "is";
  return { reason: "no-report", detail: `${nameFile(attached.fileName)} ${what} not a TLS report.` };
}

const PORTAL =
  /secure (?:message|email|mail|e-mail)|encrypted (?:message|email|mail)|(?:view|read|open) (?:the |your |this )?(?:secure|encrypted|protected) |message portal|sign in to (?:view|read)/i;
const CONFIRMATION =
  /(?:confirm|verify|validate|activate)\b[^.\n]{0,60}\b(?:address|subscription|e-?mail|account|ownership|request)|verification (?:code|link)|opt[- ]?in/i;

function describeByWords({ fields, text }: Mail): ReportProblem {
  const subject = fields.get("subject") ?? "";
  const words = `${subject}\n${text.replaceAll(/<[^<>]{0,2000}>/g, " ")}`;
  const hasLink = /https?:\/\//i.test(text);
  if (hasLink && PORTAL.test(words)) {
    return {
      reason: "portal-page",
      detail: "It holds only a link to a web page where the mail is to be read.",
    };
  }
  if (CONFIRMATION.test(words)) {
    return { reason: "confirmation", detail: "It asks to confirm an address or a subscription." };
  }
  if (words.trim() === "") return { reason: "empty", detail: "The mail has no text and no attachment." };
  return { reason: "ordinary-mail", detail: "It is a mail without a report, perhaps spam." };
}
