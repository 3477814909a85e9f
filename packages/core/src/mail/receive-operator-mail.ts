import { type Database, inSqlTransaction } from "@waxseal/db";
import { AppError } from "../app-error.ts";
import { newRowId } from "../new-row-id.ts";

/** A mail for the person who runs this installation, as it arrived. */
export type OperatorMail = {
  /** The address it was sent to. */
  mailbox: string;
  raw: Buffer;
  remoteAddress: string | null;
  envelopeFrom: string | null;
  receivedAt: Date;
};

/** Most mails that wait for the operator; more arrive only while no one reads them. */
const MAX_WAITING = 1_000;

/**
 * Keeps a mail for the operator until it is forwarded: when this returns its id, it is committed, and its sender may get a positive reply.
 *
 * @throws AppError `limit_reached` – too many wait already
 *
 * RFC 5321 §4.5.1
 */
export async function receiveOperatorMail(db: Database, mail: OperatorMail): Promise<string> {
  const id = newRowId(mail.receivedAt);
  const kept = await inSqlTransaction(
    db,
    async (sql) => {
      // Those that count at the same instant would all find room.
      await sql.$queryRaw`select pg_advisory_xact_lock(hashtextextended('operator_mail', 0))`;
      return sql.$queryRaw<object[]>`
        insert into operator_mail (id, mailbox, received_at, remote_address, envelope_from, raw)
        select ${id}::uuid, ${mail.mailbox}, ${mail.receivedAt}::timestamptz, ${mail.remoteAddress}, ${mail.envelopeFrom}, ${mail.raw}::bytea
        where (select count(*) from operator_mail) < ${MAX_WAITING}::int
        returning 1`;
    },
    { timeoutMs: 10_000 },
  );
  if (kept.length === 0)
    throw new AppError("limit_reached", "Too much mail waits for the operator.", { reason: "daily_limit" });
  return id;
}
