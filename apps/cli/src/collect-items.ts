import { eachItem } from "@waxseal/client";

type Page<T> = { readonly items: readonly T[]; readonly nextCursor: string | null };

/** All of a list, each item once. One that moved while the pages were read comes twice; the newer one counts. */
export async function collectItems<T extends object>(
  getPage: (cursor: string | undefined) => Promise<Page<T>>,
): Promise<T[]> {
  const found = new Map<unknown, T>();
  for await (const item of eachItem(getPage)) found.set("id" in item ? item.id : item, item);
  return [...found.values()];
}
