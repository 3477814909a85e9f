import type { ShareView } from "@waxseal/contract";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { getDomain } from "../domains/get-domain.ts";

/**
 * Whether there is a link to the domain's DNS instructions, and who made it. Never the link itself.
 * @throws AppError `not_found` – no such domain in this account
 */
export async function getDomainShare(
  ctx: Context,
  input: { domainId: string },
): Promise<z.infer<typeof ShareView>> {
  const { accountId, db } = ctx;
  const { id: domainId } = await getDomain(db, accountId, input.domainId);
  const share = await db.domainShare.findUnique({ where: { accountId_domainId: { accountId, domainId } } });
  return { share: share && { createdAt: share.createdAt.toISOString(), createdBy: share.createdBy } };
}
