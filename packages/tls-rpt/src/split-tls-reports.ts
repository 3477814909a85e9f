/** A piece of a text: offsets in bytes, the number of its first line. */
export type TextPiece = { start: number; end: number; line: number };

/** The JSON objects in a text, what is between and after them, and whether a list that holds them never ends. */
export type SplitTlsReports = { documents: TextPiece[]; leftOver: TextPiece[]; isCutOff: boolean };

const MOST_DOCUMENTS = 100_000;
/** How often a text may be looked at as a whole; objects that never close would each read it to its end. */
const MOST_PASSES = 5;

/**
 * Splits a UTF-8 text into its JSON objects: one after the other, one a line, or in lists.
 *
 * An object that never closes ends where the next line starts with `{`. Whether an object is valid is left to the parser. Blanks,
 * commas, record separators (RFC 7464 §2.2) and brackets between objects are neither a document nor left over.
 */
export function splitTlsReports(text: Uint8Array): SplitTlsReports {
  const split: SplitTlsReports = { documents: [], leftOver: [], isCutOff: false };
  let work = text.length * MOST_PASSES;
  let line = 1;
  let lists = 0;
  let index = text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf ? 3 : 0;
  while (index < text.length) {
    const byte = text[index] ?? 0;
    if (isSeparator(byte)) {
      if (byte === 0x0a) line++;
      if (byte === 0x5b) lists++;
      if (byte === 0x5d) lists--;
      index++;
      continue;
    }
    let end = -1;
    const isFull = split.documents.length >= MOST_DOCUMENTS;
    if (byte === 0x7b && work > 0 && !isFull) {
      end = findObjectEnd(text, index);
      work -= (end < 0 ? text.length : end) - index;
    }
    if (end < 0) end = isFull || work <= 0 ? text.length : findNextObjectLine(text, index);
    const piece = { start: index, end, line };
    if (byte === 0x7b && !isFull) split.documents.push(piece);
    else split.leftOver.push(piece);
    for (; index < end; index++) if (text[index] === 0x0a) line++;
  }
  split.isCutOff = lists > 0;
  return split;
}

/** Blank, NUL, record separator, comma, and the brackets of a list. */
function isSeparator(byte: number): boolean {
  return byte <= 0x20 || byte === 0x2c || byte === 0x5b || byte === 0x5d;
}

/** Index after the bracket that closes the object at `start`, or -1. */
function findObjectEnd(text: Uint8Array, start: number): number {
  let depth = 0;
  for (let index = start; index < text.length; index++) {
    switch (text[index]) {
      case 0x22:
        index = findQuote(text, index + 1);
        break;
      case 0x5b:
      case 0x7b:
        depth++;
        break;
      case 0x5d:
      case 0x7d:
        depth--;
        if (depth === 0) return index + 1;
        break;
    }
  }
  return -1;
}

function findQuote(text: Uint8Array, start: number): number {
  for (let index = start; index < text.length; index++) {
    if (text[index] === 0x22) return index;
    if (text[index] === 0x5c) index++;
  }
  return text.length;
}

/** Start of the next line that begins with `{`, or the end. */
function findNextObjectLine(text: Uint8Array, from: number): number {
  for (let index = text.indexOf(0x0a, from); index >= 0; index = text.indexOf(0x0a, index + 1)) {
    if (text[index + 1] === 0x7b) return index + 1;
  }
  return text.length;
}
