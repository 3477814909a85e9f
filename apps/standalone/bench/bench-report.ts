/** A benchmark: a file `bench-<name>.ts` here that exports `run`. It says what it does through `tell`. */
export type BenchModule = {
  run(args: readonly string[], tell: (line: string) => void): Promise<BenchReport>;
};

/** What a benchmark found. Everything in a row is a figure or a name; units are in the column's title. */
export type BenchReport = {
  title: string;
  /** How it was measured, for readers who doubt it. */
  conditions: readonly string[];
  tables: readonly BenchTable[];
};

export type BenchTable = { title: string; rows: readonly Record<string, string | number | undefined>[] };

/** The report as text for a terminal: tables with figures to the right. */
export function formatBenchReport(report: BenchReport): string {
  const tables = report.tables.map((table) => `${table.title}\n\n${formatRows(table.rows)}`);
  const conditions = report.conditions.map((line) => `  ${line}`).join("\n");
  return `\n${report.title}\n\n${tables.join("\n\n")}\n\nConditions\n${conditions}\n`;
}

function formatRows(rows: BenchTable["rows"]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = rows.map((row) => columns.map((column) => formatCell(row[column])));
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...cells.map((line) => line[index]?.length ?? 0)),
  );
  const isFigure = columns.map((column) => rows.every((row) => typeof row[column] !== "string"));
  const line = (texts: readonly string[]) =>
    `  ${texts.map((text, index) => (isFigure[index] ? text.padStart(widths[index] ?? 0) : text.padEnd(widths[index] ?? 0))).join("  ")}`;
  return [line(columns), line(widths.map((width) => "-".repeat(width))), ...cells.map(line)].join("\n");
}

function formatCell(value: string | number | undefined): string {
  if (value === undefined) return "-";
  if (typeof value === "string") return value;
  return value >= 100 ? String(Math.round(value)) : value.toFixed(value >= 10 ? 1 : 2);
}
