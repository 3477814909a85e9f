/** A file that is made while it is sent; neither memory nor a transaction grows with its size. */
export type StreamedFile = { fileName: string; contentType: string; chunks: AsyncIterable<string> };

/** Media types of exports. */
export const EXPORT_TYPES = {
  csv: "text/csv; charset=utf-8; header=present",
  json: "application/json; charset=utf-8",
} as const;

/** Pages of JSON texts as one JSON array, an element a line; without any, the empty array. RFC 8259 §5 */
export async function* joinJsonArray(pages: AsyncIterable<readonly string[]>): AsyncGenerator<string> {
  let separator = "[\n";
  for await (const page of pages) {
    yield separator + page.join(",\n");
    separator = ",\n";
  }
  yield separator === "[\n" ? "[]\n" : "\n]\n";
}
