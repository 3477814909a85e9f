import { Prisma } from "@waxseal/db";

/** Number of sending addresses that are kept of a day and cluster: those with most failures. */
const MAX_ADDRESSES_A_DAY = 20;

/** The name that failures alike share. */
export const CLUSTER = Prisma.sql`failure_cluster(result_type, mx_host, reporter, reason_code)`;

/**
 * Selects the sums of failures by day and cluster: the columns of `tls_total_clusters` behind the account.
 * `failures` is a select of report_day, cluster, sending_mta_ip and counted_failed.
 */
export function sumClusterDays(failures: Prisma.Sql): Prisma.Sql {
  // Three failures of one cluster on 2026-03-10, of which one names no address:
  //   192.0.2.1 failed 5, 192.0.2.2 failed 7, '' failed 1
  // One row: 2026-03-10 | the cluster | counted_failed 13 | addresses {192.0.2.2,192.0.2.1} | addresses_failed {7,5}
  return Prisma.sql`
    select report_day, cluster, sum(failed)::bigint as counted_failed,
      (array_agg(sending_mta_ip order by failed desc, sending_mta_ip) filter (where sending_mta_ip <> ''))[1:${MAX_ADDRESSES_A_DAY}::int] as addresses,
      (array_agg(failed order by failed desc, sending_mta_ip) filter (where sending_mta_ip <> ''))[1:${MAX_ADDRESSES_A_DAY}::int] as addresses_failed
    from (
      select report_day, cluster, sending_mta_ip, sum(counted_failed)::bigint as failed
      from (${failures}) as failure
      group by 1, 2, 3
    ) as by_address
    group by 1, 2`;
}
