import type { Database, Organization } from "@waxseal/db";
import { DAY_MS } from "@waxseal/runtime/time-spans";

/**
 * When the domains of an account that is closed at `closingAt` begin to leave: a day later, so that an owner who did not ask for it can keep
 * the account whole. At once where neither a member nor a provider is left to keep it.
 */
export async function leavingBeginsAt(
  db: Database,
  account: Pick<Organization, "id" | "parentId">,
  closingAt: Date,
): Promise<Date> {
  const isKept =
    account.parentId !== null || (await db.member.count({ where: { organizationId: account.id } })) > 0;
  return isKept ? new Date(closingAt.getTime() + DAY_MS) : closingAt;
}
