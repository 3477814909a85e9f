import { formatInstant } from "@waxseal/contract/format-instant";
import type { Database } from "@waxseal/db";
import type { SqlDatabase } from "@waxseal/db/sql";
import { clearCondition, raiseCondition } from "../operating/operator-condition.ts";
import { enqueueSending } from "./queue-mail.ts";

/** A mail that did not leave yet, or was given up, as the operator sees it. */
export type StuckMail = {
  id: string;
  kind: string;
  recipient: string;
  state: "waiting" | "given-up";
  attempts: number;
  createdAt: Date;
  /** Undefined once it was given up. */
  nextAttemptAt: Date | null;
  problem: string | null;
};

const LIMIT = 500;

/** Mails that were given up in the last 30 days and mails that failed at least once, newest first; 500 at most. */
export async function listStuckMails(db: Database): Promise<StuckMail[]> {
  return db.$queryRaw<StuckMail[]>`
    select id::text, kind, recipient, state, attempts, created_at as "createdAt", problem,
      case when state = 'waiting' then next_attempt_at end as "nextAttemptAt"
    from outgoing_mail where state <> 'sent' and attempts > 0 order by created_at desc, id limit ${LIMIT}`;
}

/** Sends all stuck mails now and gives them two more days; returns how many. */
export async function retryStuckMails(db: Database): Promise<number> {
  return db.$transaction(async (tx) => {
    const stuck = await tx.$queryRaw<{ id: string; kind: string }[]>`
      update outgoing_mail set state = 'waiting', attempts = 0, ended_at = null, next_attempt_at = clock_timestamp(),
        give_up_at = greatest(give_up_at, clock_timestamp() + interval '2 days')
      where id in (select id from outgoing_mail where state <> 'sent' and attempts > 0 order by created_at desc limit ${LIMIT})
      returning id::text, kind`;
    for (const mail of stuck) await enqueueSending(tx, mail);
    return stuck.length;
  });
}

/** Deletes what was sent a week ago and what was given up 30 days ago. */
export async function pruneOutgoingMails(db: Database): Promise<{ outgoingMails: number }> {
  const outgoingMails = await db.$executeRaw`
    delete from outgoing_mail where ended_at < clock_timestamp()
      - case when state = 'sent' then interval '7 days' else interval '30 days' end`;
  return { outgoingMails };
}

/** How many mails are in each state, and for how long the oldest one waits, in seconds. */
export type MailQueueFigures = { waiting: number; sent: number; givenUp: number; oldestSeconds: number };

/** Figures of the queue: of mails that wait now, and of those that ended within what `pruneOutgoingMails` keeps. */
export async function countOutgoingMails(db: SqlDatabase): Promise<MailQueueFigures> {
  const [row] = await db.$queryRaw<MailQueueFigures[]>`
    select count(*) filter (where state = 'waiting')::int as waiting, count(*) filter (where state = 'sent')::int as sent,
      count(*) filter (where state = 'given-up')::int as "givenUp",
      coalesce(extract(epoch from clock_timestamp() - min(created_at) filter (where state = 'waiting')), 0)::float8 as "oldestSeconds"
    from outgoing_mail`;
  return row ?? { waiting: 0, sent: 0, givenUp: 0, oldestSeconds: 0 };
}

/** Raises the operator condition `mail-waiting` while mails that failed wait longer than 15 minutes, and clears it after that. */
export async function judgeMailQueue(db: SqlDatabase): Promise<void> {
  const key = { code: "mail-waiting", subject: "outgoing mail" } as const;
  const [found] = await db.$queryRaw<{ count: number; since: Date; problem: string | null }[]>`
    select count(*)::int as count, min(created_at) as since,
      (array_agg(problem order by next_attempt_at desc))[1] as problem
    from outgoing_mail
    where state = 'waiting' and attempts > 0 and created_at < clock_timestamp() - interval '15 minutes'
    having count(*) > 0`;
  if (!found) return clearCondition(db, key);
  const { count, since, problem } = found;
  const mails = count === 1 ? "One mail waits" : `${count} mails wait`;
  const text = `${mails} to be sent, the oldest since ${formatInstant(since)}. ${problem ?? ""} Check SMTP_URL and the mail server; list them with \`waxseal operator mails\`.`;
  await raiseCondition(db, { ...key, text, detail: { mails: count } });
}
