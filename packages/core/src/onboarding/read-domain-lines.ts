import { parse } from "csv-parse/sync";

/** One line of a list: its columns, or why it cannot be read. */
export type DomainLine = {
  /** Counted from 1, empty lines too. */
  line: number;
  text: string;
  domain: string;
  customer: string | null;
  problem: string | null;
};

const DOMAIN_TITLE = /^(?:domains?|domain name|name)$/i;
const CUSTOMER_TITLE = /^(?:customers?|clients?|account|company)$/i;
const MAX_LINE_LENGTH = 2_000;

type Columns = { domain: number; customer: number | undefined; separator: string | undefined };

/**
 * The lines of a pasted list or CSV file (RFC 4180), empty ones left out.
 *
 * A first line that names its columns says where domain and customer are; without one they are the first and the
 * second. Commas, semicolons or tabs separate cells, quoted or not; a byte order mark is left out. A line is a
 * record: a quote that is not closed spoils its own line only. Never throws.
 */
export function readDomainLines(text: string): DomainLine[] {
  const lines = text
    .split(/\r\n|\r|\n/)
    // trim() takes a byte order mark away too.
    .map((raw, index) => ({ line: index + 1, text: raw.trim() }))
    .filter(({ text }) => /[^\s,;"]/.test(text));
  const columns = findColumns(lines[0]?.text ?? "");
  const rest = columns ? lines.slice(1) : lines;
  return rest.map((line) => readLine(line, columns ?? { domain: 0, customer: 1, separator: undefined }));
}

function findColumns(text: string): Columns | undefined {
  const separator = findSeparator(text);
  const cells = splitCells(text, separator) ?? [];
  const domain = cells.findIndex((cell) => DOMAIN_TITLE.test(cell));
  if (domain < 0) return undefined;
  const customer = cells.findIndex((cell) => CUSTOMER_TITLE.test(cell));
  return { domain, customer: customer < 0 ? undefined : customer, separator };
}

function readLine({ line, text }: { line: number; text: string }, columns: Columns): DomainLine {
  const separator =
    columns.separator !== undefined && text.includes(columns.separator)
      ? columns.separator
      : findSeparator(text);
  const shown = { line, text: text.slice(0, 255) };
  const cells = splitCells(text, separator);
  if (!cells) {
    const problem = "This line cannot be read: it is too long or its quotes do not match.";
    return { ...shown, domain: "", customer: null, problem };
  }
  const customer = columns.customer === undefined ? "" : (cells[columns.customer] ?? "");
  return {
    ...shown,
    domain: cells[columns.domain] ?? "",
    customer: customer.replace(/\s+/g, " ") || null,
    problem: null,
  };
}

/** The first separator after the first cell. */
function findSeparator(text: string): string | undefined {
  return /^(?:"(?:[^"]|"")*"|[^,;\t]*?)\s*([,;\t])/.exec(text)?.[1];
}

function splitCells(text: string, separator = ","): string[] | undefined {
  if (text.length > MAX_LINE_LENGTH) return undefined;
  try {
    const records: string[][] = parse(text, { delimiter: separator, trim: true, relax_column_count: true });
    return records[0] ?? [];
  } catch {
    return undefined;
  }
}
