import { type MailFacts, readMailFacts } from "./read-mail-facts.ts";
import { type MailPart, readMailParts } from "./read-mail-parts.ts";
import { readOrdinaryMail } from "./read-ordinary-mail.ts";
import type { ReportProblem, ReportText } from "./report-problem.ts";
import {
  mergeUnpacked,
  newUnpackBudget,
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

const MAX_ATTACHED_MAILS = 50;
const MAX_MAIL_DEPTH = 3;
const MAX_REPORTS = 200;

/**
 * Finds the reports in what arrived, by content and not by label.
 *
 * Understood: a report alone (JSON, gzip, zip), a mail that is, contains or forwards one, and several in one
 * mail. Without any, `problems` says why: the first thing that looks meant as a report, else `no-report`.
 * Sizes, parts and depth are bounded. Never throws.
 *
 * RFC 8460 §5.2, §5.3, §5.4
 */
export async function readReportMessage(raw: Buffer, arrived: Arrived): Promise<ReadReportMessage> {
  const budget = newUnpackBudget();
  const { texts, problems } = unpackReport(raw, arrived.fileName ?? null, budget);
  const bare: ReadReportMessage = { found: texts.map((text) => ({ ...text, mail: null })), problems };
  if (bare.found.length > 0 || bare.problems.length > 0) return cap(bare);
  if (arrived.transport === "https" || !looksLikeMail(raw)) return cap(bare, bareProblem(raw));
  return cap(await readMail(raw, budget, 0));
}

async function readMail(raw: Buffer, budget: UnpackBudget, depth: number): Promise<ReadReportMessage> {
  const mail: FoundMail = { raw, facts: readMailFacts(raw) };
  let parts: MailPart[];
  try {
    parts = readOrdinaryMail(raw) ?? (await readMailParts(raw));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { found: [], problems: [{ reason: "no-report", detail: `The mail cannot be read (${why}).` }] };
  }
  const { texts, problems } = unpackParts(parts, budget);
  const result: ReadReportMessage = { found: texts.map((text) => ({ ...text, mail })), problems };
  if (depth === MAX_MAIL_DEPTH) return result;
  const attached = parts.filter(isAttachedMail).slice(0, MAX_ATTACHED_MAILS);
  for (const part of attached) {
    const inner = await readMail(part.bytes, budget, depth + 1);
    result.found.push(...inner.found);
    result.problems.push(...inner.problems);
  }
  return result;
}

/** Finds the reports among the parts of one mail. */
export function unpackParts(parts: readonly MailPart[], budget: UnpackBudget): Unpacked {
  return mergeUnpacked(
    parts.map((part) => withLabelProblem(part, unpackReport(part.bytes, part.fileName, budget))),
  );
}

/** A part that says it is a report but holds nothing like one is a problem of its own, not silence. */
function withLabelProblem(part: MailPart, unpacked: Unpacked): Unpacked {
  const isLabelled = /tlsrpt/.test(part.contentType) || /\.json(?:\.gz)?$/i.test(part.fileName ?? "");
  if (!isLabelled || unpacked.texts.length > 0 || unpacked.problems.length > 0) return unpacked;
  return { texts: [], problems: [notJson] };
}

const notJson: ReportProblem = {
  reason: "not-json",
  detail: "The part that should hold the report is neither JSON nor compressed JSON.",
};

const noReport: ReportProblem = { reason: "no-report", detail: "There is no TLS report in it." };

function bareProblem(raw: Buffer): ReportProblem {
  return raw.length === 0 ? { reason: "no-report", detail: "It is empty." } : notJson;
}

function isAttachedMail({ contentType, fileName }: MailPart): boolean {
  return contentType === "message/rfc822" || /\.eml$/i.test(fileName ?? "");
}

/** A mail begins with a header field, or with the envelope line of an mbox. */
function looksLikeMail(raw: Buffer): boolean {
  return /^(?:From |[\x21-\x39\x3b-\x7e]{1,80}[ \t]*:)/.test(raw.toString("latin1", 0, 200).trimStart());
}

function cap({ found, problems }: ReadReportMessage, otherwise = noReport): ReadReportMessage {
  if (found.length === 0 && problems.length === 0) return { found, problems: [otherwise] };
  return { found: found.slice(0, MAX_REPORTS), problems: problems.slice(0, MAX_REPORTS) };
}
