import { ATTENTION_STATES, HealthState } from "@waxseal/contract";
import { type DomainStatus, Prisma } from "@waxseal/db";
import { escapePattern } from "../escape-pattern.ts";
import { asTyped } from "./name-pattern.ts";

/** What leaves some domains of an account, or of an account and its customers. */
export type DomainFilter = {
  /** Any part of the domain's or the customer's name. */
  q?: string | undefined;
  health?: "attention" | HealthState | undefined;
  status?: DomainStatus | undefined;
  accountId?: string | undefined;
  tag?: string | undefined;
  /** Only those whose health changed after this. */
  movedSince?: Date | undefined;
};

/** Whose domains a list shows; `account`: also those that have left, without a filter. */
export type ListScope = "account" | "customers";

const RANKS = Prisma.sql`array_position(${[...HealthState.options]}::text[], d.health)`;

/** For `where`: whether a domain `d` needs attention. */
export const needsAttention = Prisma.sql`d.health = any(${[...ATTENTION_STATES]}::text[])`;

/**
 * For `from`: the domains that a filter leaves, as `"accountId", id, domain, customer, rank`; the customer is null for own ones, and the
 * rank is the place of the health among `HealthState`, from 1.
 */
export function rankedDomains(
  ownId: string,
  filter: DomainFilter,
  scope: ListScope = "customers",
): Prisma.Sql {
  const { q = "", health, status, accountId, tag, movedSince } = filter;
  const domainPattern = `%${escapePattern(asTyped(q))}%`;
  const namePattern = `%${escapePattern(q.trim())}%`;
  const isFree = scope === "account" || health !== undefined || status !== undefined;
  const isOurs =
    scope === "account"
      ? Prisma.sql`a.id = ${ownId}`
      : Prisma.sql`(a.id = ${ownId} or a.parent_id = ${ownId})`;
  // offset 0 keeps the place of a cursor out of the plan: with it few rows seem left, and each would read all that have the tag.
  return Prisma.sql`(
      select d.account_id as "accountId", d.id, d.domain,
        case when a.id = ${ownId} then null else a.name end as customer, ${RANKS} as rank
      from account a join domain d on d.account_id = a.id
      where ${isOurs} and ${whereHealth(health)}
        and (${isFree} or d.status <> 'left')
        and ${movedSince === undefined ? TRUE : Prisma.sql`d.health_changed_at > ${movedSince}`}
        and (${accountId ?? null}::text is null or a.id = ${accountId ?? null})
        and (${status ?? null}::domain_status is null or d.status = ${status ?? null}::domain_status)
        and (${q} = '' or d.domain like ${domainPattern} or (a.id <> ${ownId} and a.name ilike ${namePattern}))
        and ${whereTag(tag)}
      offset 0
    ) ranked`;
}

const TRUE = Prisma.sql`true`;

/** A separate condition, without "or": Postgres makes it a join and reads all tags once instead of once per domain. */
function whereTag(tag: string | undefined): Prisma.Sql {
  if (tag === undefined) return TRUE;
  return Prisma.sql`exists (select 1 from domain_tag t
    where t.account_id = d.account_id and t.domain_id = d.id and t.tag = ${tag.toLowerCase()})`;
}

function whereHealth(health: DomainFilter["health"]): Prisma.Sql {
  if (health === undefined) return TRUE;
  return health === "attention" ? needsAttention : Prisma.sql`d.health = ${health}`;
}
