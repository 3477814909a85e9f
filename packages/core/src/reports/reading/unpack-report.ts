import { gunzipSync } from "node:zlib";
import { readZipEntries } from "./read-zip-entries.ts";
import type { ReportProblem, ReportText } from "./report-problem.ts";

/** How much one message may take up once unpacked; shared by all its parts. */
export type UnpackBudget = { remainingBytes: number };

/** What was found in some bytes; both lists are empty when they are nothing like a report. */
export type Unpacked = { texts: ReportText[]; problems: ReportProblem[] };

const MAX_REPORT_BYTES = 20 * 1024 * 1024;
const MAX_LAYERS = 3;
const MIN_CHUNK_BYTES = 1024;
const MAX_CHUNK_BYTES = 64 * 1024;
const MAX_ZIP_ENTRIES = 50;

/** A budget for one message: one report of the largest size, and as much again for the rest. */
export function newUnpackBudget(): UnpackBudget {
  return { remainingBytes: 2 * MAX_REPORT_BYTES };
}

/**
 * Finds the JSON of reports in some bytes by what they are, not by what they are called: gzip, zip, plain
 * JSON, or one of these still in base64; up to three layers.
 *
 * Nothing is inflated beyond 20 MiB a report or the budget. Never throws.
 *
 * RFC 8460 §5.2, §7
 */
export function unpackReport(
  bytes: Buffer,
  fileName: string | null,
  budget: UnpackBudget,
  layer = 0,
): Unpacked {
  if (isJsonObjectStart(bytes)) {
    return bytes.length > MAX_REPORT_BYTES
      ? { texts: [], problems: [tooLarge] }
      : { texts: [{ json: bytes, fileName }], problems: [] };
  }
  if (layer === MAX_LAYERS) return { texts: [], problems: [] };
  try {
    if (isGzip(bytes)) {
      const inflated = gunzipSync(bytes, {
        maxOutputLength: allowance(budget),
        chunkSize: likelyBytes(bytes),
      });
      budget.remainingBytes -= inflated.length;
      return unpackReport(inflated, fileName, budget, layer + 1);
    }
    if (isZip(bytes)) return unpackZip(bytes, budget, layer);
  } catch (error) {
    return { texts: [], problems: [describeFailure(error)] };
  }
  const decoded = decodeLeftBase64(bytes);
  return decoded ? unpackReport(decoded, fileName, budget, layer + 1) : { texts: [], problems: [] };
}

/** One answer made of many. */
export function mergeUnpacked(all: readonly Unpacked[]): Unpacked {
  return { texts: all.flatMap(({ texts }) => texts), problems: all.flatMap(({ problems }) => problems) };
}

function unpackZip(archive: Buffer, budget: UnpackBudget, layer: number): Unpacked {
  const unpacked: Unpacked[] = [];
  const maxBytes = () => allowance(budget);
  for (const entry of readZipEntries(archive, { maxEntries: MAX_ZIP_ENTRIES, maxBytes })) {
    budget.remainingBytes -= entry.bytes.length;
    unpacked.push(unpackReport(entry.bytes, entry.fileName, budget, layer + 1));
  }
  return mergeUnpacked(unpacked);
}

/**
 * How much memory to begin with: what gzip says at its end, which may be a lie, plus one to see that no more comes. Without, every
 * report would hold 16 KiB.
 */
function likelyBytes(gzip: Buffer): number {
  const said = gzip.length > 18 ? gzip.readUInt32LE(gzip.length - 4) + 1 : 0;
  return Math.min(Math.max(said, MIN_CHUNK_BYTES), MAX_CHUNK_BYTES);
}

/** zlib wants at least one byte; one byte is no report either. */
function allowance(budget: UnpackBudget): number {
  return Math.max(1, Math.min(MAX_REPORT_BYTES, budget.remainingBytes));
}

const tooLarge: ReportProblem = {
  reason: "too-large",
  detail: "Unpacked, it is larger than 20 MiB, which no real report is.",
};

function describeFailure(error: unknown): ReportProblem {
  if (error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE") return tooLarge;
  const why = error instanceof Error ? error.message : String(error);
  return { reason: "bad-gzip", detail: `The compressed part is damaged (${why}).` };
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function isZip(bytes: Buffer): boolean {
  return bytes.length > 22 && bytes.readUInt32LE(0) === 0x04034b50;
}

function isJsonObjectStart(bytes: Buffer): boolean {
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  for (let index = start; index < bytes.length && index < start + 1_000; index++) {
    const byte = bytes[index];
    if (byte === 0x7b) return true;
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) return false;
  }
  return false;
}

/** Some gateways lose the transfer encoding: base64 of gzip begins with H4sI, of zip with UEsD, of {" with eyI. */
function decodeLeftBase64(bytes: Buffer): Buffer | undefined {
  const start = bytes.toString("latin1", 0, 16).trimStart();
  if (!/^(?:H4sI|UEsD|eyI|ewog|ew0K)/.test(start)) return undefined;
  return Buffer.from(bytes.toString("latin1"), "base64");
}
