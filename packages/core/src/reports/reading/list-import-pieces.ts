import { findReportEncoding, splitTlsReports, toUtf8 } from "@waxseal/tls-rpt";
import { identifyContent, isPadding } from "./identify-content.ts";
import { inflateGzip } from "./inflate-gzip.ts";
import { readZipEntries } from "./read-zip-entries.ts";
import { splitMbox } from "./split-mbox.ts";

/** A file as an operator has it: reports, mails, mailboxes and archives of them, distinguished by their content. */
export type ReportFile = { fileName: string; bytes: Buffer };

/** One message made of a file; `place` says where in it, "" for the file as a whole. */
export type ImportPiece = { raw: Buffer; fileName: string; place: string };

const MAX_LAYERS = 4;
const UTF8_MARK = Buffer.from("\ufeff");
const MAX_INFLATED_BYTES = 512 * 1024 * 1024;

/**
 * Cuts a file into messages, so that an archive of any length is read whole: each mail of a mailbox, each file of an archive, each of
 * several JSON documents, and what is between and behind them.
 *
 * Every byte of the file is in one of the pieces, but for blanks, envelope lines and what packs them. A file that cannot be opened is one
 * piece; what is wrong with it is found when that is read. At most 512 MiB are inflated.
 */
export function* listImportPieces(
  file: ReportFile,
  layer = 0,
  budget = { remainingBytes: MAX_INFLATED_BYTES },
): Generator<ImportPiece> {
  const { bytes, fileName } = file;
  const parts = layer < MAX_LAYERS ? openFile(file, budget) : undefined;
  if (parts === undefined) {
    yield { raw: bytes, fileName, place: "" };
    return;
  }
  for (const part of parts) {
    for (const piece of listImportPieces({ bytes: part.bytes, fileName: part.fileName }, layer + 1, budget)) {
      yield { ...piece, place: [part.place, piece.place].filter((place) => place !== "").join(", ") };
    }
  }
}

type Part = { bytes: Buffer; fileName: string; place: string };

/** The parts of a file that holds several; `undefined` for one that is a message as it is, or cannot be opened. */
function openFile(file: ReportFile, budget: { remainingBytes: number }): Iterable<Part> | undefined {
  try {
    switch (identifyContent(file.bytes).kind) {
      case "mbox":
        return openMbox(asUtf8(file));
      case "mail": {
        const text = asUtf8(file);
        return text === file ? undefined : [{ ...text, place: "" }];
      }
      case "other":
        return openAppleMail(file);
      case "zip":
        return openZip(file, budget);
      case "gzip":
        return openGzip(file, budget);
      case "json":
        return openJson(file);
      default:
        return undefined;
    }
  } catch {
    return undefined;
  }
}

function openMbox({ bytes, fileName }: ReportFile): Part[] | undefined {
  return splitMbox(bytes)?.map((mail, index) => ({ bytes: mail, fileName, place: `mail ${index + 1}` }));
}

/** A mail or mailbox that a program saved in UTF-16, or with a byte order mark before its first field. */
function asUtf8(file: ReportFile): ReportFile {
  const { name, marked } = findReportEncoding(file.bytes);
  if (name === "utf-8" && !marked) return file;
  const text = Buffer.from(toUtf8(file.bytes));
  const hasMark = text.subarray(0, 3).equals(UTF8_MARK);
  return { ...file, bytes: hasMark ? text.subarray(UTF8_MARK.length) : text };
}

/** An .emlx file of Apple Mail: the length of the mail in a line, the mail, and a property list about it. */
function openAppleMail({ bytes, fileName }: ReportFile): Part[] | undefined {
  const [line = "", digits = ""] = /^(\d{1,9})[ \t]*\r?\n/.exec(bytes.toString("latin1", 0, 16)) ?? [];
  const mail = bytes.subarray(line.length, line.length + Number(digits));
  const rest = bytes
    .subarray(line.length + mail.length)
    .toString("latin1")
    .trimStart();
  const isAppleMail = identifyContent(mail).kind === "mail" && (rest === "" || rest.startsWith("<?xml"));
  return isAppleMail ? [{ bytes: mail, fileName, place: "" }] : undefined;
}

function openZip({ bytes, fileName }: ReportFile, budget: { remainingBytes: number }): Part[] | undefined {
  const entries = [...readZipEntries(bytes)];
  if (entries.length === 0) return undefined;
  return entries.map((entry) => {
    const inflated = entry.extract(Math.max(1, budget.remainingBytes));
    budget.remainingBytes -= inflated.length;
    return { bytes: inflated, fileName: `${fileName}/${entry.fileName}`, place: entry.fileName };
  });
}

/** Only what holds several things is taken out of its compression: a single report is kept as it came. */
function openGzip({ bytes, fileName }: ReportFile, budget: { remainingBytes: number }): Part[] | undefined {
  const { inflated, usedBytes } = inflateGzip(bytes, Math.max(1, budget.remainingBytes));
  const rest = bytes.subarray(usedBytes);
  const hasRest = !isPadding(rest);
  const isOneReport =
    identifyContent(inflated).kind === "json" && openJson({ bytes: inflated, fileName }) === undefined;
  if (isOneReport && !hasRest) return undefined;
  budget.remainingBytes -= inflated.length;
  const inner: Part = { bytes: isOneReport ? bytes.subarray(0, usedBytes) : inflated, fileName, place: "" };
  return hasRest ? [inner, { bytes: rest, fileName, place: "behind the compressed data" }] : [inner];
}

function openJson({ bytes, fileName }: ReportFile): Part[] | undefined {
  const text = Buffer.from(toUtf8(bytes));
  const { documents, leftOver, isCutOff } = splitTlsReports(text);
  if (isCutOff || documents.length + leftOver.length < 2) return undefined;
  return [...documents, ...leftOver]
    .sort((a, b) => a.start - b.start)
    .map(({ start, end, line }) => ({ bytes: text.subarray(start, end), fileName, place: `line ${line}` }));
}
