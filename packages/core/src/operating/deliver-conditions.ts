import type { Database } from "@waxseal/db";

/** A condition that began, or is over. */
export type OperatorMessage = {
  kind: "opened" | "over";
  code: string;
  subject: string;
  severity: "critical" | "warning";
  text: string;
  since: Date;
};

/** Sends one message; whether at least one place took it. Never throws. */
export type SendToOperator = (message: OperatorMessage) => Promise<boolean>;

type Row = Omit<OperatorMessage, "kind" | "severity"> & { severity: string | null; isOver: boolean };

const MAX_AT_ONCE = 50;
/** Longer than sending takes. */
const TRANSACTION = { maxWait: 5_000, timeout: 60_000 };

/**
 * Sends conditions that began and were not sent, and the end of those that were. One that no place took is tried again next time; an end is
 * sent only for what was sent. Safe to run in several processes: a condition is locked while it is sent, so that one of them sends it.
 */
export async function deliverConditions(
  db: Database,
  send: SendToOperator,
): Promise<{ sent: number; failed: number }> {
  const result = { sent: 0, failed: 0 };
  const failed: string[] = [];
  for (let count = 0; count < MAX_AT_ONCE; count++) {
    const outcome = await db.$transaction(async (tx) => {
      const [row] = await tx.$queryRaw<Row[]>`
        select code, subject, text, since, detail->>'severity' as severity, until <= clock_timestamp() as "isOver"
        from operator_condition
        where (sent_at is null) = (until > clock_timestamp()) and not (code || ' ' || subject = any(${failed}::text[]))
        order by since, code, subject limit 1 for update skip locked`;
      if (!row) return undefined;
      const { isOver, severity, ...about } = row;
      const key = { code_subject: { code: row.code, subject: row.subject } };
      const level = severity === "critical" ? "critical" : "warning";
      if (!(await send({ ...about, severity: level, kind: isOver ? "over" : "opened" })))
        return `${row.code} ${row.subject}`;
      if (isOver) await tx.operatorCondition.delete({ where: key });
      else
        await tx.$executeRaw`update operator_condition set sent_at = clock_timestamp() where code = ${row.code} and subject = ${row.subject}`;
      return true;
    }, TRANSACTION);
    if (outcome === undefined) break;
    if (outcome === true) result.sent += 1;
    else failed.push(outcome);
  }
  return { ...result, failed: failed.length };
}
