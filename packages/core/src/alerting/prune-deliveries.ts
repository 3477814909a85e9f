import type { Database } from "@waxseal/db";

const KEPT_DAYS = 30;

/** Forgets attempts to send after 30 days, and messages of alerts that are long over with them. By Postgres' clock. */
export async function pruneDeliveries(db: Database): Promise<{ deliveries: number; notifications: number }> {
  const deliveries = await db.$executeRaw`
    delete from delivery where at < clock_timestamp() - make_interval(days => ${KEPT_DAYS})`;
  // Messages of an open alert stay however old: they say who hears of its end.
  const notifications = await db.$executeRaw`
    delete from notification n where n.state in ('sent', 'dropped', 'given_up')
      and n.created_at < clock_timestamp() - make_interval(days => ${KEPT_DAYS})
      and not exists (select 1 from incident i
        where i.account_id = n.account_id and i.id = n.incident_id
          and (i.resolved_at is null or i.resolved_at > clock_timestamp() - make_interval(days => ${KEPT_DAYS})))`;
  return { deliveries, notifications };
}
