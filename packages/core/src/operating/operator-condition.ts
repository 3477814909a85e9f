import type { SqlDatabase } from "@waxseal/db/sql";
import type { OperatorFindingCode } from "./judge-operator.ts";

/** Closed list of what the operator is notified of, apart from what concerns one account. */
export type OperatorConditionCode =
  | OperatorFindingCode
  | "clock"
  | "cron-overdue"
  | "deletion-held"
  | "mail-waiting"
  | "mx-tests-late"
  | "own-line"
  | "state-not-written";

/** Something the operator must know for as long as it holds. */
export type OperatorCondition = {
  code: OperatorConditionCode;
  /** What it is about, e.g. `worker on host-b`. One condition per code and subject. */
  subject: string;
  /** One sentence for the operator. */
  text: string;
  detail: Record<string, string | number>;
};

/** A condition that holds now, and since when. */
export type ListedCondition = OperatorCondition & { since: Date; seenAt: Date };

/** A condition that was not seen for this long is over: the process that saw it has ended. */
const LEASE_SECONDS = 300;
/** Never over until it is cleared. */
const FOR_GOOD_SECONDS = 3_650 * 86_400;

/**
 * Records that a condition holds now. It is over 5 minutes after the last call, or with `untilCleared` when it is cleared.
 * A condition that is over starts again with a new `since`. Times are the database's.
 */
export async function raiseCondition(
  db: SqlDatabase,
  { code, subject, text, detail }: OperatorCondition,
  { untilCleared = false }: { untilCleared?: boolean } = {},
): Promise<void> {
  const seconds = untilCleared ? FOR_GOOD_SECONDS : LEASE_SECONDS;
  await db.$executeRaw`
    insert into operator_condition as known (code, subject, text, detail, since, seen_at, until)
    values (${code}, ${subject}, ${text}, ${JSON.stringify(detail)}::jsonb, clock_timestamp(), clock_timestamp(),
      clock_timestamp() + make_interval(secs => ${seconds}))
    on conflict (code, subject) do update set text = excluded.text, detail = excluded.detail,
      since = case when known.until < clock_timestamp() then excluded.since else least(known.since, excluded.since) end,
      seen_at = excluded.seen_at, until = excluded.until`;
}

/** Records that a condition no longer holds. If the operator was notified of it, it is kept until its end is sent. */
export async function clearCondition(
  db: SqlDatabase,
  { code, subject }: Pick<OperatorCondition, "code" | "subject">,
): Promise<void> {
  await db.$executeRaw`
    with ended as (
      update operator_condition set until = clock_timestamp()
      where code = ${code} and subject = ${subject} and sent_at is not null and until > clock_timestamp())
    delete from operator_condition where code = ${code} and subject = ${subject} and sent_at is null`;
}

/** The conditions that hold now, by code and subject. */
export async function listConditions(db: SqlDatabase): Promise<ListedCondition[]> {
  return db.$queryRaw<ListedCondition[]>`
    select code, subject, text, detail, since, seen_at as "seenAt" from operator_condition
    where until > clock_timestamp() order by code, subject`;
}
