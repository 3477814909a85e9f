import { eachItem } from "@waxseal/client";

type Page<T, Cursor> = { readonly items: readonly T[]; readonly nextCursor: Cursor | null };

/** All of a list, each item once. One that moved while the pages were read comes twice; the newer one counts. */
export async function collectItems<T extends object, Cursor extends string | number = string>(
  getPage: (cursor: Cursor | undefined) => Promise<Page<T, Cursor>>,
): Promise<T[]> {
  const found = new Map<unknown, T>();
  for await (const item of eachItem(getPage)) found.set("id" in item ? item.id : item, item);
  return [...found.values()];
}
