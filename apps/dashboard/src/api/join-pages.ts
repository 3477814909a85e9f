/** The rows of all pages. A domain whose health changed while they were read comes twice: its newer row is shown, at its first place. */
export function joinPages<Row extends { id: string }>(pages: readonly { items: readonly Row[] }[]): Row[] {
  const rows = new Map<string, Row>();
  for (const row of pages.flatMap(({ items }) => items)) rows.set(row.id, row);
  return [...rows.values()];
}
