import type { EventKind } from "@waxseal/contract";
import type { Prisma, Transaction } from "@waxseal/db";
import type { Context } from "./context.ts";

/** Writes one line of the domain's timeline and the account's audit log, in the caller's transaction. */
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
}
