import type { Context } from "../context.ts";
import { restoreLeavingDomain } from "../onboarding/restore-leaving-domain.ts";

/**
 * Restores the domains that began to leave because the account was being closed since `closingAt`. Domains that a person turned off
 * continue to leave. Returns how many were restored. Safe to run twice.
 */
export async function restoreKeptDomains(ctx: Context, { closingAt }: { closingAt: Date }): Promise<number> {
  const rows = await ctx.db.$queryRaw<{ id: string }[]>`
    select d.id from domain d
    where d.account_id = ${ctx.accountId} and d.status = 'leaving' and d.leaving_at >= ${closingAt}
      and exists (select 1 from event e
        where e.account_id = d.account_id and e.domain_id = d.id and e.kind = 'domain.leaving'
          and e.actor_kind = 'job' and e.at >= d.leaving_at)
    order by d.domain`;
  let restored = 0;
  for (const { id } of rows) if (await restoreLeavingDomain(ctx, { domainId: id })) restored += 1;
  return restored;
}
