import { FORWARDED_HEADER, receiveOperatorMail } from "@waxseal/core/mail";
import type { Database } from "@waxseal/db";
import { networkOf } from "@waxseal/runtime";
import { withDeadline } from "@waxseal/runtime/with-deadline";
import { createDailyBudget } from "./create-daily-budget.ts";

/** What a mail for the operator is kept with. */
export type MailForOperator = {
  mailbox: string;
  raw: Buffer;
  remoteAddress: string;
  envelopeFrom: string | null;
  receivedAt: Date;
};

/** Keeps mail to postmaster and abuse. */
export type OperatorMailbox = {
  /** The id it is kept by; `tooMuch`: not today; `loop`: we forwarded it before. Rejects when the database is away. */
  keep(mail: MailForOperator): Promise<string | "tooMuch" | "loop">;
};

const DAILY_BYTES = 32 * 1024 * 1024;
/** A mail counts for at least this much: some 128 of them a day is what a person reads, and no more than half from one network. */
const LEAST_BYTES = 256 * 1024;
/** Bounces of our own mails are read by a program. */
export const LEAST_BOUNCE_BYTES = 16 * 1024;
const MAX_HOPS = 50;
const RECEIVE_TIMEOUT_MS = 8_000;

/** A mailbox that cannot be made a mail bomb or a loop: a budget a day, and nothing that bears our own mark. RFC 5321 §6.3 */
export function createOperatorMailbox(
  db: Database,
  {
    reportsDomain,
    leastBytes = LEAST_BYTES,
    steadyMs = () => performance.now(),
  }: { reportsDomain: string; leastBytes?: number; steadyMs?: () => number },
): OperatorMailbox {
  const budget = createDailyBudget(DAILY_BYTES, { steadyMs });
  const mark = `${FORWARDED_HEADER}: ${reportsDomain}`.toLowerCase();

  return {
    async keep(mail) {
      const text = mail.raw.toString("latin1").toLowerCase();
      if (text.includes(mark) || (text.match(/^received:/gm)?.length ?? 0) > MAX_HOPS) return "loop";
      const bytes = Math.max(mail.raw.length, leastBytes);
      const charge = { key: "all", from: networkOf(mail.remoteAddress), bytes };
      if (!budget.hasRoom(charge)) return "tooMuch";
      budget.take(charge);
      return withDeadline(receiveOperatorMail(db, mail), RECEIVE_TIMEOUT_MS);
    },
  };
}
