import { findJsonFault, type JsonFault } from "./find-json-fault.ts";

const WORDS = {
  "cut-off": "the text ends in the middle, so the rest of the report is missing",
  "trailing-comma": "there is a comma before a closing bracket",
  "not-a-number": "NaN, Infinity and numbers written in another way are not JSON",
  comment: "JSON has no comments",
  "not-quoted": "names and texts must be in double quotes",
  "missing-comma": "a comma is missing",
  other: "the text is not JSON from here on",
} satisfies Record<JsonFault["kind"], string>;

/** Says in a sentence in which of its lines a report stops being JSON, and why; `firstLine` is the number of its first line. */
export function describeJsonFault(text: string, firstLine: number): string {
  const fault = findJsonFault(text);
  if (!fault) return "The report is not readable as JSON.";
  if (text.trim() === "") return "The report is empty.";
  const isOneLine = firstLine === 1 && !text.trimEnd().includes("\n");
  if (isOneLine) return `The report is not valid JSON: ${WORDS[fault.kind]}.`;
  return `The report is not valid JSON. Line ${lineAt(text, fault.index, firstLine)}: ${WORDS[fault.kind]}.`;
}

function lineAt(text: string, index: number, firstLine: number): number {
  let line = firstLine;
  const end = Math.min(index, text.trimEnd().length);
  for (let at = text.indexOf("\n"); at >= 0 && at < end; at = text.indexOf("\n", at + 1)) line++;
  return line;
}
