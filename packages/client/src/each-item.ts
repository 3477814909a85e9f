import { WaxsealError } from "./waxseal-error.ts";

type Page<T> = { readonly items: readonly T[]; readonly nextCursor: string | null };

/**
 * Every item of a list, page after page: `eachItem((cursor) => waxseal.listDomains({ query: { cursor } }))`.
 *
 * The next page is asked for when the items before it are used up.
 * @throws WaxsealError – the server names a page twice
 */
export async function* eachItem<T>(
  getPage: (cursor: string | undefined) => Promise<Page<T>>,
): AsyncGenerator<T, void, undefined> {
  const seen = new Set<string>();
  for (let cursor: string | undefined; ; ) {
    const { items, nextCursor } = await getPage(cursor);
    yield* items;
    if (nextCursor === null) return;
    if (seen.has(nextCursor)) throw new WaxsealError("The server names a page of the list twice.");
    seen.add(nextCursor);
    cursor = nextCursor;
  }
}
