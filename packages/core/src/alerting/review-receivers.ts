import { type Database, Prisma, type Transaction } from "@waxseal/db";
import { lockAccount } from "../lock-account.ts";
import { newRowId } from "../new-row-id.ts";
import type { AlertChange } from "./alert-change.ts";
import { deadReceiverOf, type FailingReceiver, isReceiverDead } from "./judge-receivers.ts";
import { recordAlertChanges } from "./record-alert-changes.ts";

type Deps = { db: Database; now(): Date };
type Known = { accountId: string; alertId: string; subject: string; evidence: unknown };
type Seen = { receivers: readonly FailingReceiver[]; known: readonly Known[]; isMailBroken: boolean };

const CONDITION = "channel.dead";
const MAX_ACCOUNTS = 200;
const TRANSACTION = { maxWait: 10_000, timeout: 30_000 };

/**
 * Opens an alert about each channel that was turned off after failures or has failed for a day, and about each member whose mail bounces.
 * Resolves it when the channel works again or was removed. While our own mail is broken, mailboxes are not judged.
 *
 * Safe to run twice and concurrently.
 */
export async function reviewReceivers({ db, now }: Deps): Promise<{ receivers: number }> {
  const at = now();
  const accounts = [...new Set(listChanges(await look(db), at).map(({ alert }) => alert.accountId))];
  let receivers = 0;
  for (const accountId of accounts.slice(0, MAX_ACCOUNTS)) {
    receivers += await db.$transaction(async (tx) => {
      await lockAccount(tx, accountId);
      const changes = listChanges(await look(tx, accountId), at);
      await recordAlertChanges(tx, changes, at);
      return changes.length;
    }, TRANSACTION);
  }
  return { receivers };
}

/** Reads the failing receivers and the open alerts about them, of one account or all. */
async function look(db: Database | Transaction, accountId?: string): Promise<Seen> {
  const isOf = (column: string) =>
    accountId === undefined ? Prisma.sql`true` : Prisma.sql`${Prisma.raw(column)} = ${accountId}`;
  const receivers = await db.$queryRaw<FailingReceiver[]>`
    select account_id as "accountId", id::text, 'channel' as kind, name, kind = 'mail' as "isMail", state = 'disabled' as "isOff",
      failing_since as "failingSince"
    from channel where failing_since is not null and state in ('active', 'disabled') and ${isOf("account_id")}
    union all
    select s.account_id, s.user_id, 'mailbox', coalesce(nullif(u.name, ''), u.email), true, true, coalesce(s.bounced_at, clock_timestamp())
    from subscription s join member m on m.account_id = s.account_id and m.user_id = s.user_id join "user" u on u.id = s.user_id
    where s.bounced_address = u.email and ${isOf("s.account_id")}
    order by 1, 2`;
  const known = await db.$queryRaw<Known[]>`
    select a.owner_id as "accountId", a.alert_id::text as "alertId", a.subject, a.evidence
    from incident i join incident_alert a on a.account_id = i.account_id and a.incident_id = i.id
    where i.resolved_at is null and i.cause_key like 'channel:%' and a.resolved_at is null and a.owner_id = a.account_id and ${isOf("i.account_id")}`;
  const broken = await db.$queryRaw<unknown[]>`
    select code from operator_condition where code = 'op.mailOut' and until > clock_timestamp()`;
  return { receivers, known, isMailBroken: broken.length > 0 };
}

function listChanges({ receivers, known, isMailBroken }: Seen, now: Date): AlertChange[] {
  const isSame = (one: FailingReceiver, { accountId, evidence }: Known) =>
    one.accountId === accountId && one.id === deadReceiverOf(evidence)?.id;
  const about = { condition: CONDITION, severity: "warning", domainId: null } as const;
  const opened = receivers
    .filter((one) => isReceiverDead(one, now) && !(isMailBroken && one.isMail))
    .filter((one) => !known.some((before) => isSame(one, before)))
    .map(({ accountId, id, kind: receiver, name: subject, isOff }): AlertChange => {
      const evidence = { receiver, id, isOff };
      const alert = { ...about, accountId, id: newRowId(now), subject, evidence };
      return { kind: "opened", isKnown: false, alert };
    });
  const ended = known
    .filter((before) => !receivers.some((one) => isSame(one, before) && isReceiverDead(one, now)))
    .map(({ accountId, alertId: id, subject, evidence }): AlertChange => {
      return { kind: "resolved", isKnown: false, alert: { ...about, accountId, id, subject, evidence } };
    });
  return [...opened, ...ended];
}
