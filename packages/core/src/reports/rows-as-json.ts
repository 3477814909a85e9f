/**
 * Rows as one JSON parameter for `jsonb_to_recordset`.
 *
 * Half a surrogate pair, which Postgres refuses, becomes U+FFFD, NUL a blank.
 */
export function rowsAsJson(rows: readonly object[]): string {
  const json = JSON.stringify(rows);
  if (!/\\ud[89a-f]|\\u0000/.test(json)) return json;
  return JSON.stringify(rows, (_key, value: unknown) =>
    typeof value === "string" ? value.toWellFormed().replaceAll("\0", " ") : value,
  );
}
