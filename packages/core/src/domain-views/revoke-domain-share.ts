import type { Context } from "../context.ts";
import { lockDomain } from "../domains/get-domain.ts";
import { recordEvent } from "../record-event.ts";
import { requirePermission } from "../require-permission.ts";

/**
 * Ends the link to the domain's DNS instructions at once. Without a link nothing happens.
 * @throws AppError `not_found` – no such domain in this account; `forbidden`
 */
export async function revokeDomainShare(ctx: Context, input: { domainId: string }): Promise<void> {
  requirePermission(ctx, "domains.change");
  const { accountId } = ctx;
  await ctx.inTransaction(async (db) => {
    const { id: domainId } = await lockDomain(db, accountId, input.domainId);
    const { count } = await db.domainShare.deleteMany({ where: { accountId, domainId } });
    if (count > 0) await recordEvent(db, ctx, "domain.unshared", { domainId });
  });
}
