import type { Database } from "@waxseal/db";
import type { SecretBox } from "../secret-box.ts";
import { type Mailer, MailNotTaken } from "./create-mailer.ts";
import { enqueueSending, fromStored } from "./queue-mail.ts";

/** How queued mails leave. */
export type SendDeps = {
  db: Database;
  mailer: Pick<Mailer, "sendMail">;
  secretBox: Pick<SecretBox, "open">;
  /** The right side of Message-IDs, e.g. the reports domain. */
  messageIdHost: string;
};

/** What became of one attempt; `nothing`: there was nothing to send now. */
export type SendOutcome = "sent" | "again" | "given-up" | "nothing";

type Row = { id: string; kind: string; sealed: string; nextAttemptAt: Date; isLast: boolean };

/**
 * Sends a queued mail and empties it, or plans the next attempt. A recipient that the mail server does not know is not tried again.
 *
 * Safe to run twice and several at once: the next attempt is reserved before this one. Killed in between, the mail is sent again, with the
 * same Message-ID.
 *
 * RFC 5321 §4.5.4.1
 */
export async function sendOutgoingMail(deps: SendDeps, { mailId }: { mailId: string }): Promise<SendOutcome> {
  const { db } = deps;
  const row = await reserve(db, mailId);
  if (!row) return "nothing";
  const failure = await send(deps, row);
  if (!failure) {
    await db.$executeRaw`
      update outgoing_mail set state = 'sent', sealed = '', problem = null, ended_at = clock_timestamp()
      where id = ${row.id}::uuid`;
    return "sent";
  }
  const isOver = failure.isPermanent || row.isLast;
  await db.$transaction(async (tx) => {
    await tx.$executeRaw`
      update outgoing_mail set problem = ${failure.message}, state = ${isOver ? "given-up" : "waiting"},
        ended_at = case when ${isOver} then clock_timestamp() end
      where id = ${row.id}::uuid`;
    if (!isOver) await enqueueSending(tx, { ...row, runAt: row.nextAttemptAt });
  });
  return isOver ? "given-up" : "again";
}

/** Jobs for mails whose own was lost; returns how many. */
export async function enqueueDueMails(db: Database, limit: number): Promise<number> {
  const due = await db.$queryRaw<{ id: string; kind: string }[]>`
    select m.id::text, m.kind from outgoing_mail m
    where m.state = 'waiting' and m.next_attempt_at < clock_timestamp() - interval '1 minute'
      and not exists (
        select 1 from graphile_worker.jobs j where j.key = 'mail.send:' || m.id::text and j.attempts < j.max_attempts)
    order by m.next_attempt_at, m.id limit ${limit}`;
  for (const mail of due) await db.$transaction((tx) => enqueueSending(tx, mail));
  return due.length;
}

async function reserve(db: Database, id: string): Promise<Row | undefined> {
  const [row] = await db.$queryRaw<Row[]>`
    update outgoing_mail set attempts = attempts + 1,
      next_attempt_at = clock_timestamp() + least(interval '1 minute' * power(2, least(attempts, 10)), interval '2 hours')
    where id = ${id}::uuid and state = 'waiting' and next_attempt_at <= clock_timestamp()
    returning id::text, kind, sealed, next_attempt_at as "nextAttemptAt", next_attempt_at > give_up_at as "isLast"`;
  return row;
}

async function send(
  { mailer, secretBox, messageIdHost }: SendDeps,
  { id, sealed }: Row,
): Promise<{ message: string; isPermanent: boolean } | undefined> {
  const text = await secretBox.open(sealed).catch(() => undefined);
  if (text === undefined)
    return { message: "It could not be read with the keys in SECRET_KEYS.", isPermanent: false };
  try {
    await mailer.sendMail({ ...fromStored(text), messageId: `<${id}@${messageIdHost}>` });
    return undefined;
  } catch (error) {
    if (error instanceof MailNotTaken) return error;
    throw error;
  }
}
