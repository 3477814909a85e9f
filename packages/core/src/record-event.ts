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
  await recordEvents(db, ctx, kind, [{ accountId: ctx.accountId, domainId, data }]);
  if (domainId && FACT_EVENTS.test(kind)) await enqueueJudgement(db, ctx.accountId, domainId);
}

type Line = { accountId: string; domainId?: string | undefined; data: Prisma.JsonObject };

/** Writes many lines of one kind at once, also of several accounts; no domain is judged again for them. */
export async function recordEvents(
  db: Transaction,
  { actor, now }: Pick<Context, "actor" | "now">,
  kind: EventKind,
  lines: readonly Line[],
): Promise<void> {
  const written = { at: now(), kind, actorKind: actor.kind, actorId: actor.id, actorName: actor.name };
  await db.event.createMany({
    data: lines.map(({ accountId, domainId, data }) => ({
      ...written,
      accountId,
      domainId: domainId ?? null,
      data,
    })),
  });
}
