import { WaxsealError } from "./waxseal-error.ts";

type Page<T, Cursor> = { readonly items: readonly T[]; readonly nextCursor: Cursor | null };

/**
 * Every item of a list, page after page: `eachItem((cursor) => waxseal.listDomains({ query: { cursor } }))`.
 *
 * The next page is asked for when the items before it are used up.
 * @throws WaxsealError – the server names a page twice
 */
export async function* eachItem<T, Cursor extends string | number = string>(
  getPage: (cursor: Cursor | undefined) => Promise<Page<T, Cursor>>,
): AsyncGenerator<T, void, undefined> {
  const seen = new Set<Cursor>();
  for (let cursor: Cursor | undefined; ; ) {
    const { items, nextCursor } = await getPage(cursor);
    yield* items;
    if (nextCursor === null) return;
    if (seen.has(nextCursor)) throw new WaxsealError("The server names a page of the list twice.");
    seen.add(nextCursor);
    cursor = nextCursor;
  }
}
