/** A filter as the search part of an address: only what is set. */
export function asSearch(filter: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(filter).flatMap(([name, value]) =>
      typeof value === "string" && value ? [[name, value]] : [],
    ),
  );
}
