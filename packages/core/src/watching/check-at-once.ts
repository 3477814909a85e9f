import type { Context } from "../context.ts";
import { APART_MS, ageRuns } from "./age-runs.ts";
import { evaluateDomains } from "./evaluate-domains.ts";

/**
 * Checks a domain's DNS twice and lets that count as two looks 16 minutes apart at some of its records, then judges the domain: for
 * demonstrations, where people do not wait.
 * @throws AppError as `check` does
 */
export async function checkAtOnce(
  ctx: Context,
  { domainId, recordNames }: { domainId: string; recordNames: readonly string[] },
  check: (ctx: Context) => Promise<unknown>,
): Promise<void> {
  const key = { accountId: ctx.accountId, domainId };
  const at = ctx.now();
  const before = new Date(at.getTime() - APART_MS);
  await ageRuns({ db: ctx.db, now: () => at }, key, recordNames);
  // A check that is older than the last one would not count.
  await ctx.db.domain.updateMany({
    where: { accountId: ctx.accountId, id: domainId, checkedAt: { gt: before } },
    data: { checkedAt: before },
  });
  for (const time of [before, at]) {
    const then: Context = { ...ctx, now: () => time };
    await check(then);
    await evaluateDomains(then, [key]);
  }
}
