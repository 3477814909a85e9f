import type { CustomerListView, CustomerView } from "@waxseal/contract";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { hasProblem } from "../domains/domain-problem.ts";

type Row = Omit<z.infer<typeof CustomerView>, "createdAt"> & { createdAt: Date };

/** The accounts that this one manages, those with problems first, then those still setting up; at most 2,000. */
export async function listCustomers(
  ctx: Context,
  query: { q?: string | undefined },
): Promise<z.infer<typeof CustomerListView>> {
  const pattern = `%${(query.q ?? "").trim().replace(/[\\%_]/g, "\\$&")}%`;
  const rows = await ctx.db.$queryRaw<Row[]>`
    select a.id, a.name, a.created_at as "createdAt",
      count(d.id)::int as domains,
      count(d.id) filter (where d.status = 'active')::int as active,
      count(d.id) filter (where d.status = 'pending')::int as pending,
      count(d.id) filter (where ${hasProblem})::int as problems
    from account a left join domain d on d.account_id = a.id and d.status <> 'left'
    where a.parent_id = ${ctx.accountId}
      and (a.name ilike ${pattern}
        or exists (select 1 from domain x where x.account_id = a.id and x.domain ilike ${pattern}))
    group by a.id
    order by problems desc, pending desc, a.name, a.id
    limit 2000`;
  return { items: rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() })) };
}
