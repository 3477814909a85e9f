import type { CustomerReportsQuery, CustomerReportsView } from "@waxseal/contract";
import type { z } from "zod";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { daysOf, reportRange } from "../day-range.ts";
import { type PageOf, pageOf } from "../list-page.ts";
import { figureRange, loadAccountFigures } from "../reports/totals/load-report-figures.ts";

const MAX_DAYS = 400;

/**
 * What proven reports say of this account and of each of its customers, by name; this account first; and of all together. Without a range
 * the last 14 complete days. Domains are counted by their health now.
 * @throws AppError `invalid` – the range ends before it begins, or is longer than 400 days
 */
export async function summarizeCustomers(
  ctx: Context,
  query: PageOf<z.infer<typeof CustomerReportsQuery>>,
): Promise<z.infer<typeof CustomerReportsView>> {
  const isOpen = query.from === undefined && query.to === undefined;
  const range = isOpen ? figureRange(ctx.now()) : reportRange(query, ctx.now());
  if (daysOf(range).length > MAX_DAYS) {
    const fields = [{ path: "from", problem: `is more than ${MAX_DAYS} days before the end of the range` }];
    throw new AppError("invalid", "This range of days cannot be used.", { fields });
  }
  const rows = await ctx.db.organization.findMany({
    where: { OR: [{ id: ctx.accountId }, { parentId: ctx.accountId }] },
    select: { id: true, name: true, externalId: true },
    orderBy: [{ name: "asc" }, { id: "asc" }],
  });
  const accounts = [
    ...rows.filter(({ id }) => id === ctx.accountId),
    ...rows.filter(({ id }) => id !== ctx.accountId),
  ];
  const figures = await loadAccountFigures(
    ctx.reports,
    accounts.map(({ id }) => id),
    ctx.now(),
    range,
  );
  const counted = await countDomains(
    ctx,
    accounts.map(({ id }) => id),
  );
  const items = accounts.map(({ id, name, externalId }) => ({
    accountId: id,
    customer: id === ctx.accountId ? null : name,
    externalId: id === ctx.accountId ? null : externalId,
    domains: counted.get(id)?.domains ?? 0,
    failingDomains: counted.get(id)?.failingDomains ?? 0,
    ...figures(id),
  }));
  const totals = {
    domains: items.reduce((sum, { domains }) => sum + domains, 0),
    failingDomains: items.reduce((sum, { failingDomains }) => sum + failingDomains, 0),
    ...figures(),
  };
  return pageOf({ ...range, totals, items }, query, ({ accountId }) => accountId);
}

type Counted = { accountId: string; domains: number; failingDomains: number };

async function countDomains({ db }: Context, accounts: readonly string[]): Promise<Map<string, Counted>> {
  const rows = await db.$queryRaw<Counted[]>`
    select account_id as "accountId", count(*)::int as domains,
      count(*) filter (where health = 'mail-failing')::int as "failingDomains"
    from domain where account_id = any(${[...accounts]}::text[]) and status <> 'left' group by 1`;
  return new Map(rows.map((row) => [row.accountId, row]));
}
