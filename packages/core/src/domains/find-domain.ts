import type { Domain } from "@waxseal/db";
import type { Context } from "../context.ts";

/** The domain of this account by its name (lower-case A-labels) or by its id; undefined when there is none. */
export async function findDomain(ctx: Context, nameOrId: string): Promise<Domain | undefined> {
  const isId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(nameOrId);
  const where = { accountId: ctx.accountId, ...(isId ? { id: nameOrId } : { domain: nameOrId }) };
  return (await ctx.db.domain.findFirst({ where })) ?? undefined;
}
