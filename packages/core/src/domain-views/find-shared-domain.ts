import type { Database } from "@waxseal/db";
import { hashShareToken } from "./hash-share-token.ts";

/** Which domain a link to DNS instructions is about. Undefined: never made, replaced or withdrawn. */
export async function findSharedDomain(
  db: Database,
  shareToken: string,
): Promise<{ accountId: string; domainId: string } | undefined> {
  const share = await db.domainShare.findUnique({ where: { tokenHash: hashShareToken(shareToken) } });
  return share ? { accountId: share.accountId, domainId: share.domainId } : undefined;
}
