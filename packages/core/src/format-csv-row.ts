const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/;

/**
 * Cells as a row of a CSV file, ended by CRLF; a list is joined by spaces, `null` is an empty cell.
 *
 * Text that a spreadsheet would run as a formula gets an apostrophe before it. RFC 4180 §2
 */
export function formatCsvRow(cells: readonly (string | number | readonly string[] | null)[]): string {
  return `${cells.map(formatCell).join(",")}\r\n`;
}

function formatCell(cell: string | number | readonly string[] | null): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const text = typeof cell === "string" ? cell : cell.join(" ");
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
