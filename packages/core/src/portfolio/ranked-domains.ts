import { PortfolioState } from "@waxseal/contract";
import { type DomainStatus, Prisma } from "@waxseal/db";
import { hasProblem } from "../domains/domain-problem.ts";
import { asTyped, escapePattern } from "./list-domains.ts";

/** What leaves some of the domains of an account and its customers; without state and status all that have not left. */
export type DomainFilter = {
  /** Any part of the domain's or the customer's name. */
  q?: string | undefined;
  state?: (typeof PORTFOLIO_STATES)[number] | undefined;
  /** Whatever their rank. */
  status?: DomainStatus | undefined;
  accountId?: string | undefined;
  tag?: string | undefined;
};

/** Ranks are places in this list. */
export const PORTFOLIO_STATES = PortfolioState.options;

/** For `from`: the domains that a filter leaves, as `"accountId", id, domain, customer, rank`; the customer is null for own ones. */
export function rankedDomains(
  ownId: string,
  { q = "", state, status, accountId, tag }: DomainFilter,
): Prisma.Sql {
  const domainPattern = `%${escapePattern(asTyped(q))}%`;
  const namePattern = `%${escapePattern(q.trim())}%`;
  const rank = state === undefined ? null : PORTFOLIO_STATES.indexOf(state);
  // offset 0 keeps Postgres from deciding the rank of each domain once to filter and once more to sort.
  return Prisma.sql`(select * from (
      select d.account_id as "accountId", d.id, d.domain,
        case when a.id = ${ownId} then null else a.name end as customer,
        case when ${hasProblem} then 0
          when d.status = 'pending' then 1 when d.status = 'active' then 2 when d.status = 'leaving' then 3 else 4
        end as rank
      from account a join domain d on d.account_id = a.id
      where (a.id = ${ownId} or a.parent_id = ${ownId})
        and (${accountId ?? null}::text is null or a.id = ${accountId ?? null})
        and (${status ?? null}::domain_status is null or d.status = ${status ?? null}::domain_status)
        and (${q} = '' or d.domain like ${domainPattern} or (a.id <> ${ownId} and a.name ilike ${namePattern}))
        and (${tag ?? null}::text is null or exists (select 1 from domain_tag t
          where t.account_id = d.account_id and t.domain_id = d.id and t.tag = ${tag?.toLowerCase() ?? null}))
      offset 0
    ) every where case when ${rank}::int is null then rank < 4 or ${status !== undefined} else rank = ${rank}::int end) ranked`;
}
