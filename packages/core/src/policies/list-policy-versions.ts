import type { PolicyVersionListView } from "@waxseal/contract";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { findFirstPublishedAt } from "../domains/cache-horizon-at.ts";
import { getDomain } from "../domains/get-domain.ts";
import { presentPolicyVersion } from "./present-policy-version.ts";

/**
 * The versions of a domain's policy with their horizons, newest first; the newest 1000.
 * @throws AppError `not_found` – no such domain in this account
 */
export async function listPolicyVersions(
  ctx: Context,
  input: { domainId: string },
): Promise<z.infer<typeof PolicyVersionListView>> {
  const domain = await getDomain(ctx.db, ctx.accountId, input.domainId);
  const rows = await ctx.db.policyVersion.findMany({
    where: { accountId: ctx.accountId, domainId: domain.id },
    orderBy: { version: "desc" },
    take: 1_000,
  });
  const firstPublishedAt = findFirstPublishedAt(rows);
  return { items: rows.map((row) => presentPolicyVersion(row, firstPublishedAt)) };
}
