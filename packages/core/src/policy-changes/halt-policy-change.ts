import type { Context } from "../context.ts";
import { stopWaitingLines } from "./stop-policy-change.ts";

/**
 * Ends a change when something critical opened on a domain after its policy was changed by it, or when the account is being deleted:
 * domains that wait keep their policies. Returns whether it ended.
 */
export async function haltPolicyChange(ctx: Context, changeId: string): Promise<boolean> {
  const reason = await findHaltReason(ctx, changeId);
  if (reason === undefined) return false;
  await ctx.inTransaction((db) => stopWaitingLines(db, ctx, changeId, reason));
  return true;
}

/** What happens to a domain after it left the account is not for its former provider to know. */
async function findHaltReason({ db, accountId }: Context, changeId: string): Promise<string | undefined> {
  const account = await db.organization.findUnique({ where: { id: accountId } });
  if (!account || account.closingAt) {
    return "The account is being deleted. Domains that were waiting keep their policies.";
  }
  const [found] = await db.$queryRaw<{ domain: string }[]>`
    select l.domain from policy_change_line l
    join account o on o.id = l.owner_id and (o.id = ${accountId} or o.parent_id = ${accountId})
    join alert a on a.account_id = l.owner_id and a.domain_id = l.domain_id
    where l.account_id = ${accountId} and l.change_id = ${changeId}::uuid and l.state = 'applied'
      and a.state = 'open' and a.severity = 'critical' and a.opened_at >= l.applied_at
    order by a.opened_at limit 1`;
  return (
    found &&
    `A serious problem was found at ${found.domain} after its policy was changed. Domains that were waiting keep their policies.`
  );
}
