import type { Domain } from "@waxseal/db";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { getDomain } from "../domains/get-domain.ts";
import { requirePermission } from "../require-permission.ts";
import { restoreLeavingDomain } from "./restore-leaving-domain.ts";

/**
 * Turns MTA-STS on again for a domain that is being turned off, as `restoreLeavingDomain` does.
 * @throws AppError `not_found`; `conflict` – it is not being turned off, or its account is being deleted
 */
export async function restoreDomain(ctx: Context, { domainId }: { domainId: string }): Promise<Domain> {
  requirePermission(ctx, "domains.leave");
  const { domain, status } = await getDomain(ctx.db, ctx.accountId, domainId);
  if (await restoreLeavingDomain(ctx, { domainId })) return getDomain(ctx.db, ctx.accountId, domainId);
  const [reason, why] =
    status === "left"
      ? ([
          "domain_left",
          `MTA-STS is off for ${domain}. Add the domain again; the same three records will do.`,
        ] as const)
      : status === "leaving"
        ? (["account_closing", "The account is being deleted. Keep the account first."] as const)
        : (["domain_not_leaving", `MTA-STS is not being turned off for ${domain}.`] as const);
  throw new AppError("conflict", why, { reason, collidesWith: { kind: "domain", id: domainId } });
}
