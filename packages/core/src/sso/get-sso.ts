import type { SsoView } from "@waxseal/contract";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { requirePermission } from "../require-permission.ts";

/** Where an identity provider sends people back to. */
export function ssoRedirectUri(publicUrl: string): string {
  return `${publicUrl}/sign-in/sso`;
}

/**
 * The account's single sign-on, without its secret.
 * @throws AppError `forbidden`
 */
export async function getSso(
  ctx: Context,
  { publicUrl }: { publicUrl: string },
): Promise<z.infer<typeof SsoView>> {
  requirePermission(ctx, "sso.manage");
  const { db, accountId } = ctx;
  const sso = await db.accountSso.findUnique({ where: { accountId } });
  const redirectUri = ssoRedirectUri(publicUrl);
  if (!sso) return { redirectUri, sso: null };
  const claims = await db.domainClaim.findMany({ where: { accountId, domain: { in: sso.domains } } });
  const proven = new Set(claims.map(({ domain }) => domain));
  return {
    redirectUri,
    sso: {
      issuer: sso.issuer,
      clientId: sso.clientId,
      domains: sso.domains.map((domain) => ({ domain, isProven: proven.has(domain) })),
      isRequired: sso.isRequired,
      updatedAt: sso.updatedAt.toISOString(),
    },
  };
}
