/** How a report's text is encoded; `marked` when a byte order mark says so. */
export type ReportEncoding = { name: "utf-8" | "utf-16le" | "utf-16be"; marked: boolean };

/**
 * Finds the encoding of a JSON text by its first bytes: by its byte order mark, or by where the zero byte of its first
 * character is, as JSON starts with two ASCII characters. RFC 4627 §3
 */
export function findReportEncoding(bytes: Uint8Array): ReportEncoding {
  const [first = 1, second = 1, third = 1] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return { name: "utf-8", marked: true };
  if (first === 0xff && second === 0xfe) return { name: "utf-16le", marked: true };
  if (first === 0xfe && second === 0xff) return { name: "utf-16be", marked: true };
  if (first === 0 && second !== 0) return { name: "utf-16be", marked: false };
  if (first !== 0 && second === 0) return { name: "utf-16le", marked: false };
  return { name: "utf-8", marked: false };
}

/** The same text in UTF-8, as it is where it is UTF-8 already. Never throws. */
export function toUtf8(bytes: Uint8Array): Uint8Array {
  const { name } = findReportEncoding(bytes);
  return name === "utf-8" ? bytes : new TextEncoder().encode(new TextDecoder(name).decode(bytes));
}
