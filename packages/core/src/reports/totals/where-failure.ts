import { Prisma } from "@waxseal/db";

/** What only failures carry. */
export type FailureFilter = {
  result?: string | undefined;
  mx?: string | undefined;
  ip?: string | undefined;
};

/** Conditions on the columns of tls_daily_failures, from their `and` on. */
export function whereFailure({ result, mx, ip }: FailureFilter = {}): Prisma.Sql {
  const conditions = [
    ...(result === undefined ? [] : [Prisma.sql`and result_type = ${result}`]),
    ...(mx === undefined ? [] : [Prisma.sql`and mx_host = ${mx}`]),
    ...(ip === undefined ? [] : [Prisma.sql`and sending_mta_ip = ${ip}`]),
  ];
  return conditions.length === 0 ? Prisma.empty : Prisma.join(conditions, " ");
}

/** A condition on a column policy_type, from its `and` on. */
export function wherePolicy(policy: string | undefined): Prisma.Sql {
  return policy === undefined ? Prisma.empty : Prisma.sql`and policy_type = ${policy}`;
}
