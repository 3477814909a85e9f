import { type Database, sqlDatabase } from "@waxseal/db";
import { MINUTE_MS } from "@waxseal/runtime/time-spans";
import { HELD_BACK } from "./compose-notification.ts";
import { queueMessage } from "./queue-messages.ts";

/** How long a critical alert may go without reaching anyone. */
const UNHEARD_MS = 15 * MINUTE_MS;
const MAX_AT_ONCE = 200;

/**
 * Queues a mail to all owners about each open critical alert that has reached no one for a quarter of an hour. It ignores subscriptions,
 * because channels fail and addresses die. An alert that was sent to one receiver, or counted in an hourly summary, has reached someone.
 *
 * A customer's owners get no such mail: the provider has the same alert, and its owners are the last resort. Safe to run twice.
 */
export async function mailOwnersLast({ db, now }: { db: Database; now(): Date }): Promise<number> {
  const at = now();
  const before = new Date(at.getTime() - UNHEARD_MS);
  const rows = await sqlDatabase(db).$queryRaw<{ accountId: string; incidentId: string; userId: string }[]>`
    select i.account_id as "accountId", i.id::text as "incidentId", m.user_id as "userId"
    from incident i
      join account a on a.id = i.account_id and a.parent_id is null
      join member m on m.account_id = i.account_id and m.role = 'owner'
    where i.resolved_at is null and i.severity = 'critical' and i.acknowledged_at is null
      and exists (select 1 from notification n where n.account_id = i.account_id and n.incident_id = i.id and n.created_at <= ${before}::timestamptz)
      and not exists (select 1 from notification n where n.account_id = i.account_id and n.incident_id = i.id
        and (n.state in ('sent', 'sending') or (n.state = 'dropped' and n.summary = ${HELD_BACK})))
      and not exists (select 1 from notification n where n.account_id = i.account_id and n.incident_id = i.id and n.user_id = m.user_id)
    order by 1, 2, 3 limit ${MAX_AT_ONCE}`;
  for (const { accountId, incidentId, userId } of rows) {
    await db.$transaction(async (tx) => {
      await tx.$queryRaw`select 1 from incident where account_id = ${accountId} and id = ${incidentId}::uuid for update`;
      if ((await tx.notification.count({ where: { accountId, incidentId, userId } })) > 0) return;
      const recipient = { userId, channelId: null };
      await queueMessage(tx, { accountId, incidentId, recipient, kind: "opened", now: at, nextAt: at });
    });
  }
  return rows.length;
}
