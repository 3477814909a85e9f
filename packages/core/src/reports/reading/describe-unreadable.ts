import { nameFile } from "./name-file.ts";
import { ZipError } from "./read-zip-entries.ts";
import type { ReportProblem } from "./report-problem.ts";

/** Says why compressed bytes could not be opened, from the error of zlib or of the zip reader. */
export function describeUnreadable(error: unknown, fileName: string | null): ReportProblem {
  const file = fileName === null || fileName === "" ? "The compressed part" : nameFile(fileName);
  if (error instanceof ZipError && error.kind === "encrypted") {
    return {
      reason: "encrypted-archive",
      detail: `${file} is protected by a password, so it cannot be opened.`,
    };
  }
  if (error instanceof ZipError && error.kind === "unsupported") {
    return {
      reason: "unsupported-archive",
      detail: `${file} cannot be opened: ${lowerFirst(error.message)}.`,
    };
  }
  if (error instanceof Error && "code" in error && error.code === "Z_BUF_ERROR") {
    return {
      reason: "truncated",
      detail: `${file} ends too early: the rest of the compressed data is missing.`,
    };
  }
  if (error instanceof ZipError && /cut off|missing/.test(error.message)) {
    return { reason: "truncated", detail: `${file} ends too early: the rest of the archive is missing.` };
  }
  return { reason: "bad-gzip", detail: `${file} is damaged: its compressed data cannot be read.` };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
