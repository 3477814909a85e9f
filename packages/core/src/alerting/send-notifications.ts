import type { Database } from "@waxseal/db";
import type { HttpsClient } from "@waxseal/probes";
import { MINUTE_MS } from "@waxseal/runtime/time-spans";
import type { BounceAddresses } from "../mail/bounce-address.ts";
import type { QueueMail } from "../mail/queue-mail.ts";
import type { SecretBox } from "../secret-box.ts";
import { type ClaimedNotification, claimNotification } from "./claim-notification.ts";
import { composeNotification } from "./compose-notification.ts";
import { deliverNotification } from "./deliver-notification.ts";
import { finishAttempt } from "./finish-attempt.ts";

/** What sending takes. */
export type SendDeps = {
  db: Database;
  now(): Date;
  https: HttpsClient;
  secretBox: SecretBox;
  queueMail: QueueMail;
  /** URL of the dashboard, without a trailing slash. */
  publicUrl: string;
  /** The host in message ids. */
  mailDomain: string;
  bounces: BounceAddresses;
  onFailure(error: unknown): void;
};

/** Messages of one run; the next run follows within a minute. */
const MAX_AT_ONCE = 200;
/** Messages under way at a time: a slow receiver holds up one of them. */
const LANES = 5;
const AGAIN_MS = MINUTE_MS;

/**
 * Sends the messages that are due. Each is taken by one process, and is read again with its incident right before it is sent: what is over
 * before it was mentioned is dropped, and an end goes to those who heard of the beginning.
 *
 * At least once: a process that is killed between sending and noting it leaves the message to the next one, which sends it with the same id.
 */
export async function sendNotifications(deps: SendDeps): Promise<{ done: number }> {
  const result = { done: 0 };
  const lane = async () => {
    while (result.done < MAX_AT_ONCE) {
      const claimed = await claimNotification(deps.db, deps.now());
      if (!claimed) return;
      result.done += 1;
      await sendOne(deps, claimed).catch(async (error: unknown) => {
        deps.onFailure(error);
        await postpone(deps, claimed);
      });
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return result;
}

async function sendOne(deps: SendDeps, claimed: ClaimedNotification): Promise<void> {
  const composed = await composeNotification(deps, claimed);
  if ("message" in composed) {
    const startedAt = performance.now();
    const attempt = await deliverNotification(deps, claimed, composed.message);
    const ms = Math.round(performance.now() - startedAt);
    await finishAttempt(deps, claimed, composed.message, { ...attempt, ms });
    return;
  }
  const { accountId, id } = claimed;
  const { db } = deps;
  const data =
    "dropped" in composed
      ? { state: "dropped", summary: composed.dropped, leaseUntil: null, maybeSent: claimed.mayHaveArrived }
      : {
          ...{ state: "waiting", nextAt: composed.postponedTo, leaseUntil: null },
          ...{ attempts: claimed.attempts - 1, maybeSent: claimed.mayHaveArrived },
        };
  await db.notification.updateMany({ where: { accountId, id, state: "sending" }, data });
}

/** After a fault of ours, such as a database that went away. */
async function postpone({ db, now }: SendDeps, { accountId, id }: ClaimedNotification): Promise<void> {
  const nextAt = new Date(now().getTime() + AGAIN_MS);
  await db.notification
    .updateMany({
      where: { accountId, id, state: "sending" },
      data: { state: "waiting", nextAt, leaseUntil: null },
    })
    // The lease ends it.
    .catch(() => undefined);
}
