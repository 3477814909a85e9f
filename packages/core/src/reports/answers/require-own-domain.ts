import { AppError } from "../../app-error.ts";
import type { Context } from "../../context.ts";

/**
 * Makes sure that the domain a question is narrowed to is the account's.
 * @throws AppError `not_found` – it is not, or does not exist
 */
export async function requireOwnDomain(ctx: Context, domainId: string | undefined): Promise<void> {
  if (domainId === undefined) return;
  const where = { accountId_id: { accountId: ctx.accountId, id: domainId } };
  const domain = await ctx.db.domain.findUnique({ where, select: { id: true } });
  if (!domain) throw new AppError("not_found", "There is no such domain.");
}
