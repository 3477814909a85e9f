import type { MxListView } from "@waxseal/contract";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { getDomain } from "./get-domain.ts";
import { presentMxHosts } from "./present-mx-hosts.ts";

/**
 * The MX hosts of a domain at the last look-up, against its newest policy.
 * @throws AppError `not_found` – no such domain in this account
 */
export async function listMxHosts(
  ctx: Context,
  input: { domainId: string },
): Promise<z.infer<typeof MxListView>> {
  const domain = await getDomain(ctx.db, ctx.accountId, input.domainId);
  const newest = await ctx.db.policyVersion.findFirst({
    where: { accountId: ctx.accountId, domainId: domain.id },
    orderBy: { version: "desc" },
  });
  return presentMxHosts(domain, newest ?? undefined);
}
