import { Prisma } from "@waxseal/db";

/** Of one day and cluster so many sending addresses are kept, those with most failures. */
const MAX_ADDRESSES_A_DAY = 20;

/** The name that failures alike share. */
export const CLUSTER = Prisma.sql`failure_cluster(result_type, mx_host, reporter, reason_code)`;

/**
 * Adds up failures by day and cluster: the columns of `tls_total_clusters` behind the account.
 * `failures` begins behind `from` and has the columns report_day, cluster, sending_mta_ip and counted_failed.
 */
export function sumClusterDays(failures: Prisma.Sql): Prisma.Sql {
  const worst = (column: Prisma.Sql) => Prisma.sql`
    (array_agg(${column} order by failed desc, sending_mta_ip) filter (where sending_mta_ip <> ''))[1:${MAX_ADDRESSES_A_DAY}::int]`;
  return Prisma.sql`
    select report_day, cluster, sum(failed)::bigint as counted_failed, ${worst(Prisma.sql`sending_mta_ip`)} as addresses,
      ${worst(Prisma.sql`failed`)} as addresses_failed
    from (
      select report_day, cluster, sending_mta_ip, sum(counted_failed)::bigint as failed from ${failures} group by 1, 2, 3
    ) as said group by 1, 2`;
}
