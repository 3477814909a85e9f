import type { PolicyView } from "@waxseal/contract";
import type { Database, Domain, PolicyVersion, Transaction } from "@waxseal/db";
import { formatPolicy } from "@waxseal/mta-sts";
import type { z } from "zod";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { getDomain } from "../domains/get-domain.ts";

/** The newest version of a domain's policy, served or not. */
export function findNewestVersion(
  db: Database | Transaction,
  { accountId, id: domainId }: Pick<Domain, "accountId" | "id">,
): Promise<PolicyVersion | null> {
  return db.policyVersion.findFirst({ where: { accountId, domainId }, orderBy: { version: "desc" } });
}

/**
 * The newest version of a domain's policy as shown: only what its owner decided, which never changes afterwards.
 * @throws AppError `not_found` – no such domain in this account
 */
export async function getPolicy(
  ctx: Context,
  input: { domainId: string },
): Promise<z.infer<typeof PolicyView>> {
  const newest = await findNewestVersion(ctx.db, await getDomain(ctx.db, ctx.accountId, input.domainId));
  if (!newest) throw new AppError("not_found", "There is no policy yet.");
  return presentPolicy(newest);
}

/** A version of a policy without how far its publication is. */
export function presentPolicy(row: PolicyVersion): z.infer<typeof PolicyView> {
  const { version, policyId, mode, mx, maxAgeSeconds, createdAt, createdBy } = row;
  const body = formatPolicy({ mode, mx, maxAgeSeconds });
  return { version, policyId, mode, mx, maxAgeSeconds, createdAt: createdAt.toISOString(), createdBy, body };
}
