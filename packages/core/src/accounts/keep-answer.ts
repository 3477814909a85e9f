import { createHash } from "node:crypto";
import type { Database } from "@waxseal/db";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { takeAllowance } from "../limits/take-allowance.ts";
import type { SecretBox } from "../secret-box.ts";

/** A request that may be sent again: `key` is the client's, `request` everything that makes two requests the same. */
export type RepeatableRequest = { key: string; request: string };

/** Who sends a request: in an account, or as a person apart from any, whose id then stands for the account's. */
export type RepeatSender = Pick<Context, "accountId" | "actor" | "db">;

/** An answer as it was sent. */
export type KeptAnswer = { status: number; contentType: string; body: string };

/** Keeps the answer that is about to be sent; undefined forgets the request, so that it can be tried again. */
export type KeepAnswer = (answer: KeptAnswer | undefined) => Promise<void>;

type Row = { requestHash: string; status: number | null; contentType: string | null; bodyJwe: string | null };

const KEPT_HOURS = 24;
const MAX_BODY_CHARS = 1_000_000;
/** Limit on new idempotency keys in one account. */
const ALLOWANCE = { burst: 5_000, refillSeconds: 15 };

const hash = (text: string) => createHash("sha256").update(text).digest("hex");

/**
 * Says whether a request was answered before: then it is that answer, and nothing must be done again. Otherwise it is the caller's to do
 * and to keep its answer. Of two at the same instant one is done. A key is its sender's own and is kept for a day, by Postgres' clock.
 *
 * @throws AppError `conflict` – the first is still under way, or was cut off; `invalid` – the key came with another request;
 * `limit_reached` – too many keys in a day
 */
export async function findKeptAnswer(
  sender: RepeatSender,
  secretBox: SecretBox,
  { key, request }: RepeatableRequest,
): Promise<KeptAnswer | KeepAnswer> {
  const { accountId, actor, db } = sender;
  const keyHash = hash(`${actor.kind} ${actor.id} ${key}`);
  const requestHash = hash(request);
  // Example: of two requests at 12:00:00 one inserts; the other finds the row, whose age is below a day, and gets nothing back.
  const taken = await db.$queryRaw<unknown[]>`
    insert into kept_answer (account_id, key_hash, request_hash) values (${accountId}, ${keyHash}, ${requestHash})
    on conflict (account_id, key_hash) do update
      set request_hash = excluded.request_hash, status = null, content_type = null, body_jwe = null, created_at = clock_timestamp()
      where kept_answer.created_at < clock_timestamp() - make_interval(hours => ${KEPT_HOURS})
    returning 1`;
  const where = { accountId_keyHash: { accountId, keyHash } };
  if (taken.length === 0) {
    const row = await db.keptAnswer.findUnique({ where });
    return openAnswer(row, requestHash, secretBox);
  }
  if (!(await takeAllowance(db, `kept_answer ${accountId}`, ALLOWANCE))) {
    await db.keptAnswer.deleteMany({ where: { accountId, keyHash } });
    throw new AppError("limit_reached", "This account used too many idempotency keys today.", {
      reason: "daily_limit",
    });
  }
  return async (answer) => {
    if (!answer) await db.keptAnswer.deleteMany({ where: { accountId, keyHash } });
    else {
      const { status, contentType, body } = answer;
      const bodyJwe = body.length > MAX_BODY_CHARS ? null : await secretBox.seal(body);
      await db.keptAnswer.updateMany({
        where: { accountId, keyHash },
        data: { status, contentType, bodyJwe },
      });
    }
  };
}

async function openAnswer(row: Row | null, requestHash: string, secretBox: SecretBox): Promise<KeptAnswer> {
  if (row && row.requestHash !== requestHash) {
    const fields = [{ path: "Idempotency-Key", problem: "was used for another request" }];
    throw new AppError("invalid", "This idempotency key was used for another request. Use a new one.", {
      reason: "idempotency_key_reused",
      fields,
    });
  }
  if (!row || row.status === null) {
    throw new AppError(
      "conflict",
      "The first request with this idempotency key is under way, or was cut off. See whether it was done before you use another key.",
      { reason: "request_under_way" },
    );
  }
  const body = row.bodyJwe === null ? undefined : await secretBox.open(row.bodyJwe).catch(() => undefined);
  if (body === undefined)
    throw new AppError("conflict", "This was done already, but its answer is not kept any longer.", {
      reason: "answer_not_kept",
    });
  return { status: row.status, contentType: row.contentType ?? "application/json", body };
}

/** Forgets answers after a day. */
export async function pruneKeptAnswers(db: Database): Promise<{ keptAnswers: number }> {
  const keptAnswers = await db.$executeRaw`
    delete from kept_answer where created_at < clock_timestamp() - make_interval(hours => ${KEPT_HOURS})`;
  return { keptAnswers };
}
