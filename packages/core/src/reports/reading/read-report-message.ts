import { describeLeftOut, describeMail, isSpecialMail } from "./describe-mail.ts";
import { findInProse } from "./find-in-prose.ts";
import { identifyContent } from "./identify-content.ts";
import { type MailFacts, readMailFacts } from "./read-mail-facts.ts";
import { type MailPart, readMailParts } from "./read-mail-parts.ts";
import { readOrdinaryMail } from "./read-ordinary-mail.ts";
import type { ReportProblem, ReportText } from "./report-problem.ts";
import {
  describeXml,
  isNothing,
  mergeUnpacked,
  newUnpackBudget,
  type PackedMail,
  type UnpackBudget,
  type Unpacked,
  unpackReport,
} from "./unpack-report.ts";

/** A report found in a message; `mail` is the mail it was found in, `null` when it came without one. */
export type FoundReport = ReportText & { mail: FoundMail | null };

/** A mail as raw bytes and what its header claims. */
export type FoundMail = { raw: Buffer; facts: MailFacts };

/** What is in a message: reports to be parsed, and parts that are meant as one but cannot be read. */
export type ReadReportMessage = { found: FoundReport[]; problems: ReportProblem[] };

type Arrived = {
  transport: "smtp" | "https" | "import";
  fileName?: string | null;
};

const MAX_MAIL_DEPTH = 4;
const MAX_REPORTS = 200;

/**
 * Finds the reports in what arrived, by content and not by label.
 *
 * Understood: a report alone (JSON, gzip, zip), a mail that is, contains or forwards one, archives and mailboxes of such, and several in
 * one of them. Without any, `problems` says what it is instead. Whatever is left out because of a limit is a problem, too.
 * Sizes, parts and depth are bounded. Never throws.
 *
 * RFC 8460 §5.2, §5.3, §5.4
 */
export async function readReportMessage(raw: Buffer, arrived: Arrived): Promise<ReadReportMessage> {
  const budget = newUnpackBudget();
  const unpacked = unpackReport(raw, arrived.fileName ?? null, budget);
  if (isNothing(unpacked)) return { found: [], problems: [describeBare(raw, arrived.fileName ?? null)] };
  const result: ReadReportMessage = {
    found: unpacked.texts.map((text) => ({ ...text, mail: null })),
    problems: unpacked.problems,
  };
  if (arrived.transport === "https" && unpacked.mails.length > 0) {
    result.problems.push({
      reason: "no-report",
      detail: "It is a mail. An upload must be the report itself, or the mail must go to the report address.",
    });
    return cap(result);
  }
  for (const mail of unpacked.mails) append(result, await readMail(mail, budget, 1));
  return cap(result);
}

async function readMail(
  { bytes: raw }: PackedMail,
  budget: UnpackBudget,
  depth: number,
): Promise<ReadReportMessage> {
  if (depth > MAX_MAIL_DEPTH) return { found: [], problems: [tooDeep] };
  const mail: FoundMail = { raw, facts: readMailFacts(raw) };
  const ordinary = readOrdinaryMail(raw);
  const parts = ordinary ?? (await readMailParts(raw).catch(() => undefined));
  if (!parts) return { found: [], problems: [unreadable] };
  const { texts, mails, problems } = unpackParts(parts, budget);
  const result: ReadReportMessage = { found: texts.map((text) => ({ ...text, mail })), problems };
  const inner: ReadReportMessage = { found: [], problems: [] };
  for (const attached of mails) append(inner, await readMail(attached, budget, depth + 1));
  if (result.found.length + inner.found.length > 0) {
    result.problems.push(...describeLeftOut(parts));
    return append(result, inner);
  }
  if (result.problems.length > 0) return append(result, inner);
  const isSpecial = isSpecialMail(raw);
  if (inner.problems.length > 0 && !isSpecial) return inner;
  // The short reader leaves out the text, which says what the mail is.
  const all = ordinary ? await readMailParts(raw).catch(() => parts) : parts;
  return { found: [], problems: [describeMail(raw, all)] };
}

/** Finds the reports among the parts of one mail, and the mails attached to it. */
export function unpackParts(parts: readonly MailPart[], budget: UnpackBudget): Unpacked {
  return mergeUnpacked(parts.map((part) => withLabelProblem(part, unpackPart(part, budget))));
}

function unpackPart(part: MailPart, budget: UnpackBudget): Unpacked {
  if (isAttachedMail(part)) {
    if (budget.remainingItems-- <= 0) return { texts: [], mails: [], problems: [tooMany] };
    return { texts: [], mails: [{ bytes: part.bytes, fileName: part.fileName }], problems: [] };
  }
  const unpacked = unpackReport(part.bytes, part.fileName, budget);
  if (!part.isBody) return unpacked;
  // A text that begins like a mail or an mbox is a text.
  if (isNothing(unpacked) || unpacked.mails.length > 0) {
    return mergeUnpacked(findInProse(part).map((bytes) => unpackReport(bytes, part.fileName, budget)));
  }
  return unpacked;
}

/** Adds a problem for a part that is labelled as a report but contains none. */
function withLabelProblem(part: MailPart, unpacked: Unpacked): Unpacked {
  if (!isNothing(unpacked)) return unpacked;
  const problem = (each: ReportProblem): Unpacked => ({ texts: [], mails: [], problems: [each] });
  if (!part.isBody && identifyContent(part.bytes).kind === "xml")
    return problem(describeXml(part.bytes, part.fileName));
  const isLabelled = /tlsrpt/.test(part.contentType) || /\.json(?:\.gz)?$/i.test(part.fileName ?? "");
  return isLabelled ? problem(notJson(part.bytes)) : unpacked;
}

function describeBare(bytes: Buffer, fileName: string | null): ReportProblem {
  const content = identifyContent(bytes);
  if (content.kind === "blank") return { reason: "empty", detail: "It is empty." };
  if (content.kind === "xml") return describeXml(bytes, fileName);
  if (content.kind === "html") {
    return { reason: "web-page", detail: "It is a web page, not a report." };
  }
  if (content.kind === "document") {
    return { reason: "no-report", detail: `It is ${content.name}, which cannot hold a TLS report.` };
  }
  return notJson(bytes);
}

function notJson(bytes: Buffer): ReportProblem {
  if (bytes.length === 0)
    return { reason: "empty", detail: "The part that should hold the report is empty." };
  return {
    reason: "not-json",
    detail: "The part that should hold the report is neither JSON nor compressed JSON.",
  };
}

const unreadable: ReportProblem = {
  reason: "over-limit",
  detail: "The mail has more than 200 parts or a part header of more than 256 KiB, so it is not read.",
};

const tooMany: ReportProblem = {
  reason: "over-limit",
  detail: "More than 200 files and mails are attached; the others were left out.",
};

const tooDeep: ReportProblem = {
  reason: "over-limit",
  detail: `A mail is forwarded inside more than ${MAX_MAIL_DEPTH - 1} others. Forward the report mail itself.`,
};

function isAttachedMail({ contentType, fileName }: MailPart): boolean {
  return /^message\/(?:rfc822|global)$/.test(contentType) || /\.eml$/i.test(fileName ?? "");
}

function append(to: ReadReportMessage, more: ReadReportMessage): ReadReportMessage {
  to.found.push(...more.found);
  to.problems.push(...more.problems);
  return to;
}

function cap({ found, problems }: ReadReportMessage): ReadReportMessage {
  if (found.length <= MAX_REPORTS) return { found, problems: problems.slice(0, MAX_REPORTS) };
  const left = found.length - MAX_REPORTS;
  const detail = `It holds more than ${MAX_REPORTS} reports; ${left} were left out.`;
  return {
    found: found.slice(0, MAX_REPORTS),
    problems: [{ reason: "over-limit", detail }, ...problems.slice(0, MAX_REPORTS - 1)],
  };
}
