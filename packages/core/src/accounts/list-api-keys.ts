import type { Context } from "../context.ts";
import { type ApiKey, presentApiKey } from "./present-api-key.ts";

/** The API keys of the account, newest first; an account has at most 100. */
export async function listApiKeys(ctx: Context): Promise<{ items: ApiKey[] }> {
  const rows = await ctx.db.apikey.findMany({
    where: { referenceId: ctx.accountId },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
  });
  return { items: rows.map(presentApiKey) };
}
