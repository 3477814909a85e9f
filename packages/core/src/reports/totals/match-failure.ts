import { Prisma } from "@waxseal/db";
import { allOf } from "../../all-of.ts";

/** What only failures carry. */
export type FailureFilter = {
  result?: string | undefined;
  mx?: string | undefined;
  ip?: string | undefined;
};

/** A condition on the columns of tls_daily_failures. */
export function matchesFailure({ result, mx, ip }: FailureFilter = {}): Prisma.Sql {
  return allOf([
    ...(result === undefined ? [] : [Prisma.sql`result_type = ${result}`]),
    ...(mx === undefined ? [] : [Prisma.sql`mx_host = ${mx}`]),
    ...(ip === undefined ? [] : [Prisma.sql`sending_mta_ip = ${ip}`]),
  ]);
}

/** A condition on a column policy_type. */
export function matchesPolicy(policy: string | undefined): Prisma.Sql {
  return policy === undefined ? Prisma.sql`true` : Prisma.sql`policy_type = ${policy}`;
}

/** A condition on a column domain_id. */
export function matchesDomain(domainId: string | undefined): Prisma.Sql {
  return domainId === undefined ? Prisma.sql`true` : Prisma.sql`domain_id = ${domainId}::uuid`;
}
