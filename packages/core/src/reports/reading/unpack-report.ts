import { decodeUuencode } from "./decode-uuencode.ts";
import { describeUnreadable } from "./describe-unreadable.ts";
import { identifyContent, isPadding } from "./identify-content.ts";
import { inflateGzip } from "./inflate-gzip.ts";
import { nameFile } from "./name-file.ts";
import { readZipEntries } from "./read-zip-entries.ts";
import type { ReportProblem, ReportText } from "./report-problem.ts";
import { splitMbox } from "./split-mbox.ts";

/** How much one message may take up once unpacked, and how many files and mails may be in it; shared by all its parts. */
export type UnpackBudget = { remainingBytes: number; remainingItems: number };

/** A mail found in an archive or file. */
export type PackedMail = { bytes: Buffer; fileName: string | null };

/** What was found in some bytes; all lists are empty when they are nothing like a report. */
export type Unpacked = { texts: ReportText[]; mails: PackedMail[]; problems: ReportProblem[] };

const MAX_REPORT_BYTES = 20 * 1024 * 1024;
const MAX_LAYERS = 4;
const MAX_ITEMS = 200;

/** A budget for one message: one report of the largest size, and as much again for the rest. */
export function newUnpackBudget(): UnpackBudget {
  return { remainingBytes: 2 * MAX_REPORT_BYTES, remainingItems: MAX_ITEMS };
}

/**
 * Finds the JSON of reports, and mails, in some bytes by what they are, not by what they are called: gzip, zip, mbox, plain
 * JSON, or one of these still in base64 or uuencoded; up to four layers.
 *
 * What is meant as a container and cannot be opened is a problem that says why. Nothing is inflated beyond 20 MiB a report or the
 * budget. Never throws.
 *
 * RFC 8460 §5.2, §7
 */
export function unpackReport(
  bytes: Buffer,
  fileName: string | null,
  budget: UnpackBudget,
  layer = 0,
): Unpacked {
  const content = identifyContent(bytes);
  switch (content.kind) {
    case "json":
      return bytes.length > MAX_REPORT_BYTES
        ? problem(tooLarge)
        : { ...nothing(), texts: [{ json: bytes, fileName }] };
    case "archive":
      return problem({
        reason: "unsupported-archive",
        detail: `${nameFile(fileName)} is ${content.name}, which Waxseal does not open.`,
      });
    case "gzip":
    case "zip":
    case "mbox":
    case "mail":
    case "base64":
    case "uuencode":
      break;
    default:
      return nothing();
  }
  if (content.kind === "mail") return { ...nothing(), mails: [{ bytes, fileName }] };
  if (layer === MAX_LAYERS) return problem(tooDeep(fileName));
  try {
    return openContainer(content.kind, { bytes, fileName }, budget, layer);
  } catch (error) {
    return problem(isTooLarge(error) ? tooLarge : describeUnreadable(error, fileName));
  }
}

type Container = "gzip" | "zip" | "mbox" | "base64" | "uuencode";

function openContainer(kind: Container, file: PackedMail, budget: UnpackBudget, layer: number): Unpacked {
  const { bytes, fileName } = file;
  switch (kind) {
    case "gzip":
      return unpackGzip(file, budget, layer);
    case "zip":
      return unpackZip(file, budget, layer);
    case "mbox":
      return takeItems(
        (splitMbox(bytes) ?? []).map((mail) => () => ({
          ...nothing(),
          mails: [{ bytes: mail, fileName }],
        })),
        budget,
      );
    case "base64":
      // Some gateways lose the transfer encoding.
      return unpackReport(Buffer.from(bytes.toString("latin1"), "base64"), fileName, budget, layer + 1);
    case "uuencode":
      return unpackReport(decodeUuencode(bytes), fileName, budget, layer + 1);
  }
}

/** One answer made of many. */
export function mergeUnpacked(all: readonly Unpacked[]): Unpacked {
  return {
    texts: all.flatMap(({ texts }) => texts),
    mails: all.flatMap(({ mails }) => mails),
    problems: all.flatMap(({ problems }) => problems),
  };
}

function unpackGzip({ bytes, fileName }: PackedMail, budget: UnpackBudget, layer: number): Unpacked {
  const { inflated, usedBytes } = inflateGzip(bytes, allowance(budget));
  budget.remainingBytes -= inflated.length;
  const inner = unpackReport(inflated, fileName, budget, layer + 1);
  const unpacked = isNothing(inner) ? problem(notAReport(inflated, fileName)) : inner;
  const rest = bytes.subarray(usedBytes);
  if (isPadding(rest)) return unpacked;
  const following = unpackReport(rest, fileName, budget, layer + 1);
  const texts = unpacked.texts.map((text) => ({
    ...text,
    ...(isNothing(following) && { hasLeftOver: true }),
  }));
  return mergeUnpacked([{ ...unpacked, texts }, following]);
}

function unpackZip({ bytes, fileName }: PackedMail, budget: UnpackBudget, layer: number): Unpacked {
  const entries = [...readZipEntries(bytes)];
  if (entries.length === 0) {
    return problem({ reason: "no-report", detail: `${nameFile(fileName)} is a zip archive without files.` });
  }
  return takeItems(
    entries.map((entry) => () => {
      try {
        const inflated = entry.extract(allowance(budget));
        budget.remainingBytes -= inflated.length;
        const inner = unpackReport(inflated, entry.fileName, budget, layer + 1);
        return isNothing(inner) ? problem(notAReport(inflated, entry.fileName)) : inner;
      } catch (error) {
        return problem(isTooLarge(error) ? tooLarge : describeUnreadable(error, entry.fileName));
      }
    }),
    budget,
  );
}

/** Opens one after the other until the budget is used up, and says how many were left out then. */
function takeItems(items: readonly (() => Unpacked)[], budget: UnpackBudget): Unpacked {
  const taken = items.slice(0, Math.max(0, budget.remainingItems));
  const unpacked: Unpacked[] = [];
  for (const open of taken) {
    budget.remainingItems--;
    const result = open();
    unpacked.push(result);
    // The budget is shared: once it is used up, all others would say the same.
    if (result.problems.includes(tooLarge)) break;
  }
  const left = items.length - unpacked.length;
  if (left > 0) {
    const detail = `It holds more than Waxseal reads of one message: ${left} of ${items.length} files or mails were left out.`;
    unpacked.push(problem({ reason: "over-limit", detail }));
  }
  return mergeUnpacked(unpacked);
}

/** zlib wants at least one byte; one byte is no report either. */
function allowance(budget: UnpackBudget): number {
  return Math.max(1, Math.min(MAX_REPORT_BYTES, budget.remainingBytes));
}

const tooLarge: ReportProblem = {
  reason: "too-large",
  detail: "Unpacked, it is larger than 20 MiB, which no real report is.",
};

function tooDeep(fileName: string | null): ReportProblem {
  const detail = `${nameFile(fileName)} is packed more than ${MAX_LAYERS} times. Unpack it and send the report itself.`;
  return { reason: "over-limit", detail };
}

function notAReport(bytes: Buffer, fileName: string | null): ReportProblem {
  const content = identifyContent(bytes);
  if (content.kind === "xml") return describeXml(bytes, fileName);
  const what =
    content.kind === "document"
      ? `is ${content.name}`
      : content.kind === "blank"
        ? "is empty"
        : "is not JSON";
  return { reason: "no-report", detail: `${nameFile(fileName)} ${what}, so it is not a TLS report.` };
}

/** XML is what DMARC aggregate reports are written in. RFC 7489 §7.2 */
export function describeXml(bytes: Buffer, fileName: string | null): ReportProblem {
  const isDmarc = /<feedback\b/i.test(bytes.toString("latin1", 0, 64 * 1024));
  return isDmarc
    ? {
        reason: "dmarc-report",
        detail: `${nameFile(fileName)} is a DMARC aggregate report, not a TLS report.`,
      }
    : { reason: "no-report", detail: `${nameFile(fileName)} is XML, so it is not a TLS report.` };
}

/** Whether some bytes are nothing like a report. */
export function isNothing({ texts, mails, problems }: Unpacked): boolean {
  return texts.length + mails.length + problems.length === 0;
}

function nothing(): Unpacked {
  return { texts: [], mails: [], problems: [] };
}

function problem(each: ReportProblem): Unpacked {
  return { ...nothing(), problems: [each] };
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
}
