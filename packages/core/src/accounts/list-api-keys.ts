import type { PageQuery } from "@waxseal/contract";
import type { Context } from "../context.ts";
import { makePage, pageByTime, placeOfTime } from "../list-page.ts";
import { type ApiKey, presentApiKey } from "./present-api-key.ts";

/** The API keys of the account, newest first. @throws AppError `invalid` – the cursor */
export async function listApiKeys(
  ctx: Context,
  query: PageQuery = {},
): Promise<{ items: ApiKey[]; nextCursor: string | null }> {
  const { where, ...order } = pageByTime(query, "createdAt", "desc", "any");
  const rows = await ctx.db.apikey.findMany({
    where: { referenceId: ctx.accountId, ...where },
    ...order,
  });
  const { page, nextCursor } = makePage(rows, query, ({ createdAt, id }) => placeOfTime(createdAt, id));
  return { items: page.map(presentApiKey), nextCursor };
}
