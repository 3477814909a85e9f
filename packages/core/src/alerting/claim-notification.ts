import { type Database, type Notification, sqlDatabase } from "@waxseal/db";

/** A message that this process may send now. `mayHaveArrived`: an earlier attempt was cut off, so its outcome is unknown. */
export type ClaimedNotification = Notification & { mayHaveArrived: boolean };

/** Longer than any attempt takes. */
const LEASE_SECONDS = 120;

/**
 * Takes the next message that is due, for this process alone, until its lease ends. What a killed process had taken becomes due again then.
 * Messages about one incident reach one receiver in their order.
 */
export async function claimNotification(db: Database, now: Date): Promise<ClaimedNotification | undefined> {
  // Of two rows (opened at 10:00, waiting for a retry; resolved at 10:05) only the first is found.
  const [row] = await sqlDatabase(db).$queryRaw<{ accountId: string; id: string; mayHaveArrived: boolean }[]>`
    update notification n
    set state = 'sending', attempts = n.attempts + 1, maybe_sent = true,
      lease_until = ${now}::timestamptz + make_interval(secs => ${LEASE_SECONDS})
    from (
      select account_id, id, maybe_sent from notification d
      where d.state in ('waiting', 'sending')
        and case d.state when 'waiting' then d.next_at else d.lease_until end <= ${now}::timestamptz
        and not exists (
          select 1 from notification e
          where e.account_id = d.account_id and e.incident_id = d.incident_id
            and e.channel_id is not distinct from d.channel_id and e.user_id is not distinct from d.user_id
            and e.state in ('waiting', 'sending') and e.kind <> 'reminder' and (e.created_at, e.id) < (d.created_at, d.id))
      order by d.next_at, d.id limit 1 for update skip locked
    ) due
    where n.account_id = due.account_id and n.id = due.id
    returning n.account_id as "accountId", n.id::text as id, due.maybe_sent as "mayHaveArrived"`;
  if (!row) return undefined;
  const { accountId, id, mayHaveArrived } = row;
  const notification = await db.notification.findUniqueOrThrow({
    where: { accountId_id: { accountId, id } },
  });
  return { ...notification, mayHaveArrived };
}
