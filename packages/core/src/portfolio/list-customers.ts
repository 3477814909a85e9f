import { type CustomerListView, type CustomerView, compareNames, type PageQuery } from "@waxseal/contract";
import { Prisma } from "@waxseal/db";
import type { z } from "zod";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { escapePattern } from "../escape-pattern.ts";
import { pageOf } from "../list-page.ts";
import { loadAccountFigures } from "../reports/totals/load-report-figures.ts";
import { unlessAway } from "../reports/totals/unless-away.ts";
import { needsAttention } from "./ranked-domains.ts";

type Row = Omit<z.infer<typeof CustomerView>, "createdAt" | "reports"> & { createdAt: Date };

/** The accounts that this one manages, those whose mail fails first, then those that need attention, then by name; at most 2,000. */
export async function listCustomers(
  ctx: Context,
  query: PageQuery & { q?: string | undefined; externalId?: string | undefined; customerId?: string },
): Promise<z.infer<typeof CustomerListView>> {
  const pattern = `%${escapePattern((query.q ?? "").trim())}%`;
  const count = (where: Prisma.Sql) => Prisma.sql`count(d.id) filter (where ${where})::int`;
  const rows = await ctx.db.$queryRaw<Row[]>`
    select a.id, a.name, a.external_id as "externalId", a.created_at as "createdAt", count(d.id)::int as domains,
      ${count(Prisma.sql`d.health = 'mail-failing'`)} as "mailFailing",
      ${count(needsAttention)} as attention,
      ${count(Prisma.sql`d.health in ('waiting', 'working')`)} as "settingUp",
      ${count(Prisma.sql`d.health = 'good'`)} as good
    from account a left join domain d on d.account_id = a.id and d.status <> 'left'
    where a.parent_id = ${ctx.accountId}
      and (a.name ilike ${pattern}
        or exists (select 1 from domain x where x.account_id = a.id and x.domain ilike ${pattern}))
      and (${query.externalId ?? null}::text is null or a.external_id = ${query.externalId ?? null})
      and (${query.customerId ?? null}::text is null or a.id = ${query.customerId ?? null})
    group by a.id
    order by "mailFailing" desc, attention desc, "settingUp" desc, a.name collate natural_order, a.id
    limit 2000`;
  rows.sort(
    (a, b) =>
      b.mailFailing - a.mailFailing ||
      b.attention - a.attention ||
      b.settingUp - a.settingUp ||
      compareNames(a.name, b.name),
  );
  const { items, nextCursor } = pageOf({ items: rows }, query, ({ id }) => id);
  const figures = await unlessAway(
    loadAccountFigures(
      ctx.reports,
      items.map(({ id }) => id),
      ctx.now(),
    ),
  );
  return {
    items: items.map((row) => ({
      ...row,
      createdAt: row.createdAt.toISOString(),
      reports: figures?.(row.id) ?? null,
    })),
    nextCursor,
  };
}

/**
 * One of the accounts that this one manages.
 * @throws AppError `not_found` – there is none, or it is not a customer of this account
 */
export async function getCustomer(
  ctx: Context,
  input: { customerId: string },
): Promise<z.infer<typeof CustomerView>> {
  const [customer] = (await listCustomers(ctx, input)).items;
  if (!customer) throw new AppError("not_found", "There is no such customer.");
  return customer;
}
