import type { QuirkLog } from "./create-quirk-log.ts";
import { findReportEncoding } from "./decode-report-text.ts";
import { describeJsonFault } from "./describe-json-fault.ts";
import { scanJson } from "./scan-json.ts";
import type { TlsReportLimits } from "./tls-report-limits.ts";

/** `isPlain`: no text in it holds anything but printable ASCII. */
type ReportJson =
  | { ok: true; value: unknown; isPlain: boolean }
  | { ok: false; code: "too-large" | "too-complex" | "not-json"; problem: string };

// A text this short cannot hold enough values to matter, so ordinary reports are read once, not twice.
const UNSCANNED_CHARS = 64 * 1024;

// A byte order mark is looked for by hand, to report it; the decoder would drop it silently.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * The JSON value at the start of a report, repaired where it is broken in a way that has one meaning.
 *
 * `JSON.parse` runs once over a sound report; only when it fails is the text looked at again.
 */
export function readReportJson(
  input: string | Uint8Array,
  limits: TlsReportLimits,
  log: QuirkLog,
  firstLine = 1,
): ReportJson {
  if (input.length > limits.maxBytes) {
    return { ok: false, code: "too-large", problem: `The report is larger than ${limits.maxBytes} bytes.` };
  }
  let text = typeof input === "string" ? input : decode(input, log);
  const hasReplacements = typeof input !== "string" && text.includes("\ufffd");
  if (hasReplacements) log.note("invalid-utf8", "");
  const isPlain = isAsciiOf(text, input) && !hasReplacements && !/[\\\x7f]/.test(text);
  if (text.startsWith("\ufeff")) {
    log.note("byte-order-mark", "");
    text = text.slice(1);
  }

  if (text.length > UNSCANNED_CHARS && scanJson(text, limits).tooComplex) return tooComplex();
  const value = tryJsonParse(text);
  if (value !== undefined) return { ok: true, value, isPlain };
  const repaired = repairJson(text, limits, log, isPlain);
  if (repaired !== undefined) return repaired;
  return { ok: false, code: "not-json", problem: describeJsonFault(text, firstLine) };
}

function decode(bytes: Uint8Array, log: QuirkLog): string {
  const { name } = findReportEncoding(bytes);
  if (name === "utf-8") return decoder.decode(bytes);
  log.note("utf-16", "");
  return new TextDecoder(name).decode(bytes);
}

/** `undefined` when no repair makes JSON of it. */
function repairJson(
  broken: string,
  limits: TlsReportLimits,
  log: QuirkLog,
  isPlain: boolean,
): ReportJson | undefined {
  const { endIndex, tooComplex: isTooComplex } = scanJson(broken, limits);
  if (isTooComplex) return tooComplex();
  if (endIndex < 0) return undefined;

  const text = broken.slice(0, endIndex);
  if (broken.slice(endIndex).trim() !== "") {
    const value = tryJsonParse(text);
    if (value !== undefined) {
      log.note("trailing-garbage", "");
      return { ok: true, value, isPlain };
    }
  }
  const value = tryJsonParse(replaceRawControls(text));
  if (value === undefined) return undefined;
  log.note("raw-control-characters", "");
  if (endIndex < broken.trimEnd().length) log.note("trailing-garbage", "");
  return { ok: true, value, isPlain };
}

// In bytes, since replacing 20 million characters by pattern takes a gigabyte.
function replaceRawControls(text: string): string {
  const bytes = new TextEncoder().encode(text);
  for (let index = 0; index < bytes.length; index++) {
    if ((bytes[index] ?? 0) < 0x20) bytes[index] = 0x20;
  }
  return decoder.decode(bytes);
}

/** UTF-8 of anything but ASCII has more bytes than characters. */
function isAsciiOf(text: string, input: string | Uint8Array): boolean {
  return typeof input === "string" ? !/[^\0-\x7f]/.test(text) : text.length === input.length;
}

function tryJsonParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function tooComplex(): ReportJson {
  return {
    ok: false,
    code: "too-complex",
    problem: "The report has too many values or is nested too deeply.",
  };
}
