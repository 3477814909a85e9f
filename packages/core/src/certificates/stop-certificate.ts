import type { Transaction } from "@waxseal/db";
import type { Context } from "../context.ts";
import { recordEvent } from "../record-event.ts";

/**
 * Stops ordering and renewing a host's certificate, in the caller's transaction; the current one stays in use until it expires.
 * Does nothing when there is no such name or it is stopped already.
 */
export async function stopCertificate(db: Transaction, ctx: Context, host: string): Promise<void> {
  const { accountId } = ctx;
  const name = await db.certificateName.findUnique({ where: { accountId_host: { accountId, host } } });
  if (!name || name.state === "stopped") return;
  await db.certificateName.update({
    where: { accountId_host: { accountId, host } },
    data: {
      state: "stopped",
      stateSince: ctx.now(),
      nextAttemptAt: null,
      renewAt: null,
      // A worker that has it learns of this at the next write.
      leaseOwner: null,
      leaseUntil: null,
      orderUrl: null,
      orderKeyJwe: null,
      orderStartedAt: null,
    },
  });
  await recordEvent(db, ctx, "certificate.stopped", {
    ...(name.domainId && { domainId: name.domainId }),
    host,
  });
}
