import type { Domain, Transaction } from "@waxseal/db";
import type { Context } from "../context.ts";
import type { CheckedRecord } from "../domains/check-domain-record.ts";
import { recordEvent } from "../record-event.ts";

/**
 * Claims the domain for this account when its DNS says so, and returns whether the claim changed.
 *
 * `mta-sts` pointing at our token decides, and takes the domain from another account; `_mta-sts` alone only claims what no account
 * has. A claim is never given up here: DNS that is broken for an hour must not end the service.
 */
export async function claimDomain(
  db: Transaction,
  ctx: Context,
  domain: Domain,
  records: readonly CheckedRecord[],
): Promise<boolean> {
  const isCorrect = (kind: CheckedRecord["kind"]) =>
    records.some((record) => record.kind === kind && record.state === "correct");
  if (!isCorrect("policyHost") && !isCorrect("stsRecord")) return false;
  const mine = { accountId: ctx.accountId, domainId: domain.id, claimedAt: ctx.now() };
  const held = await db.domainClaim.findUnique({ where: { domain: domain.domain } });
  if (held?.domainId === domain.id && held.accountId === ctx.accountId) return false;
  if (held && !isCorrect("policyHost")) return false;
  if (held) {
    await db.domainClaim.update({ where: { domain: domain.domain }, data: mine });
  } else {
    const { count } = await db.domainClaim.createMany({
      data: [{ domain: domain.domain, ...mine }],
      skipDuplicates: true,
    });
    if (count === 0) return false;
  }
  await recordEvent(db, ctx, "domain.claimed", { domainId: domain.id, domain: domain.domain });
  return true;
}
