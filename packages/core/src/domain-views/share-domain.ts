import { randomBytes } from "node:crypto";
import type { CreatedShareView } from "@waxseal/contract";
import type { z } from "zod";
import { findOwnSite } from "../brand/find-own-host.ts";
import type { Context } from "../context.ts";
import { lockDomain } from "../domains/get-domain.ts";
import { recordEvent } from "../record-event.ts";
import { requirePermission } from "../require-permission.ts";
import { hashShareToken } from "./hash-share-token.ts";

/**
 * Makes a link by which anyone who has it sees the domain's three CNAMEs, and nothing else. An older link is dead from then on.
 *
 * The token has 144 random bits; only its hash is kept, so this is the one time it can be shown.
 *
 * @throws AppError `not_found` – no such domain in this account; `forbidden`
 */
export async function shareDomain(
  ctx: Context,
  input: { domainId: string },
): Promise<z.infer<typeof CreatedShareView>> {
  requirePermission(ctx, "domains.change");
  const { accountId } = ctx;
  const shareToken = randomBytes(18).toString("base64url");
  return ctx.inTransaction(async (db) => {
    const { id: domainId } = await lockDomain(db, accountId, input.domainId);
    const share = { tokenHash: hashShareToken(shareToken), createdAt: ctx.now(), createdBy: ctx.actor.name };
    await db.domainShare.upsert({
      where: { accountId_domainId: { accountId, domainId } },
      create: { accountId, domainId, ...share },
      update: share,
    });
    await recordEvent(db, ctx, "domain.shared", { domainId });
    const site = (await findOwnSite(db, accountId, ctx.now())) ?? null;
    return { shareToken, site, createdAt: share.createdAt.toISOString(), createdBy: share.createdBy };
  });
}
