import { z } from "zod";

/** The most items that a page of any list holds. */
export const MAX_PAGE = 1_000;

/** The two parameters of every list: where the page begins, and how many items it holds, `usual` unless asked otherwise. */
export function pageQuery(usual: number) {
  return {
    cursor: z
      .string()
      .max(600)
      .optional()
      .describe("nextCursor of the page before; without it the list begins"),
    limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(usual).describe("Items in one answer"),
  };
}

/** What every list answers besides its items. */
export const pageAnswer = {
  nextCursor: z.string().nullable().describe("Where the next page begins; null on the last one"),
};

/** Query of a list without filters. */
export const PageQuery = z.object(pageQuery(MAX_PAGE));
/** Where a page begins and how many items it holds; without a limit a whole page of the usual size. */
export type PageQuery = { cursor?: string | undefined; limit?: number | undefined };
