import type { EventKind } from "@waxseal/contract";
import type { Prisma, Transaction } from "@waxseal/db";
import type { Context } from "./context.ts";
import { enqueueJudgement } from "./enqueue-job.ts";

/** Events that say that a fact changed by which a domain is judged. */
const FACT_EVENTS =
  /^(?:domain\.(?:added|claimed|active|leaving|left|restored)|setup\.|mx\.|policy\.|certificate\.)/;

/**
 * Writes one line of the domain's timeline and the account's audit log, in the caller's transaction. A domain about which a fact
 * changed is judged afterwards.
 */
export async function recordEvent(
  db: Transaction,
  ctx: Context,
  kind: EventKind,
  { domainId, ...data }: { domainId?: string } & Prisma.JsonObject,
): Promise<void> {
  await db.event.create({
    data: {
      accountId: ctx.accountId,
      at: ctx.now(),
      kind,
      actorKind: ctx.actor.kind,
      actorId: ctx.actor.id,
      actorName: ctx.actor.name,
      domainId: domainId ?? null,
      data,
    },
  });
  if (domainId && FACT_EVENTS.test(kind)) await enqueueJudgement(db, ctx.accountId, domainId);
}
