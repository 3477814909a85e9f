import { Prisma } from "@waxseal/db";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { type DomainFilter, rankedDomains } from "./ranked-domains.ts";

/** Some domains by their ids, or all that a filter leaves but those excepted. */
export type DomainSelection = {
  domainIds?: readonly string[] | undefined;
  filter?: DomainFilter | undefined;
  exceptIds?: readonly string[] | undefined;
  /** How many the person saw. */
  expected?: number | undefined;
};

type Found = { accountId: string; id: string };

/**
 * The domains of this account and its customers that are meant, by name.
 * @throws AppError `not_found` – a named domain is not here or at a customer; `limit_reached` – more than `max`; `invalid` – none;
 * `conflict` – the filter leaves another number than the person saw
 */
export async function chooseDomains(
  { accountId, db }: Context,
  { domainIds, filter, exceptIds = [], expected }: DomainSelection,
  max: number,
): Promise<Found[]> {
  const ids = domainIds && [...new Set(domainIds)];
  const chosen = ids
    ? Prisma.sql`id = any(${ids}::uuid[])`
    : Prisma.sql`not id = any(${[...exceptIds]}::uuid[])`;
  const found = await db.$queryRaw<(Found & { total: number })[]>`
    select "accountId", id, count(*) over()::int as total
    from ${ids ? everyDomain(accountId) : rankedDomains(accountId, filter ?? {})}
    where ${chosen}
    order by domain collate natural_order, id limit ${max}`;
  const total = found[0]?.total ?? 0;
  if (ids && total !== ids.length) throw new AppError("not_found", "There is no such domain.");
  if (expected !== undefined && total !== expected)
    throw new AppError("conflict", describeOther(total, expected), { reason: "selection_changed" });
  if (total > max) {
    const most = max.toLocaleString("en");
    throw new AppError("limit_reached", `These are more than ${most} domains. Narrow the filter.`, {
      reason: "too_large",
    });
  }
  if (total === 0) throw new AppError("invalid", "No domain matches.");
  return found;
}

function describeOther(total: number, expected: number): string {
  const [now, before] = [total, expected].map((count) => count.toLocaleString("en"));
  return `The list has changed: ${now} domains match now, ${before} did when you selected them. Nothing was changed. Look at the list again.`;
}

/** As `rankedDomains`, also those that have left. */
function everyDomain(ownId: string): Prisma.Sql {
  return Prisma.sql`(select d.account_id as "accountId", d.id, d.domain from account a join domain d on d.account_id = a.id
    where a.id = ${ownId} or a.parent_id = ${ownId}) every`;
}
