import { type Domain, Prisma, type Transaction } from "@waxseal/db";
import { z } from "zod";
import type { Context } from "../context.ts";
import { recordEvent } from "../record-event.ts";
import { countMxAnswer, isSameMx, type UncountedMx } from "./count-mx-answer.ts";
import type { MxHost } from "./draft-policy.ts";
import { keepMxSightings } from "./keep-mx-sightings.ts";
import { readStoredMx } from "./read-mx-hosts.ts";
import type { SeenMx } from "./see-domain-mx.ts";

/** The MX hosts that count after a look, and whether they are others than before. */
export type KeptMx = { mxHosts: MxHost[]; isChanged: boolean };

const StoredUncounted = z.object({
  mxHosts: z.array(z.object({ mxHost: z.string(), preference: z.number() })),
  since: z.coerce.date(),
});

/**
 * Stores what DNS just answered of a locked domain's MX hosts, with an event when other hosts count now. A change that does not count yet
 * is kept beside the hosts that do, see `countMxAnswer`; the return value is undefined then.
 */
export async function keepDomainMx(
  db: Transaction,
  ctx: Context,
  domain: Domain,
  { mxHosts: answer, opinion }: SeenMx,
): Promise<KeptMx | undefined> {
  const before = readStoredMx(domain.mxHosts);
  const at = ctx.now();
  const isFirst = domain.mxCheckedAt === null;
  const isChanged = !isFirst && !isSameMx(before, answer);
  const { counts, uncounted } = isChanged
    ? countMxAnswer(answer, opinion, readUncounted(domain.mxUncounted), at)
    : { counts: true, uncounted: null };
  const where = { accountId_id: { accountId: domain.accountId, id: domain.id } };
  if (!counts) {
    const kept = uncounted && {
      mxHosts: toPlain(uncounted.mxHosts),
      since: uncounted.since.toISOString(),
    };
    await db.domain.update({ where, data: { mxUncounted: kept ?? Prisma.DbNull } });
    return undefined;
  }
  const mxHosts = toPlain(answer);
  if (isChanged) await recordEvent(db, ctx, "mx.changed", { domainId: domain.id, mxHosts });
  if (isChanged && domain.mxCheckedAt) await endSightings(db, domain, domain.mxCheckedAt);
  await keepMxSightings(db, domain, mxHosts, at);
  await db.domain.update({ where, data: { mxHosts, mxCheckedAt: at, mxUncounted: Prisma.DbNull } });
  return { mxHosts, isChanged: isChanged || isFirst };
}

function readUncounted(stored: Domain["mxUncounted"]): UncountedMx | null {
  return StoredUncounted.safeParse(stored).data ?? null;
}

function toPlain(hosts: readonly MxHost[]): MxHost[] {
  return hosts.map(({ mxHost, preference }) => ({ mxHost, preference }));
}

/** Hosts of this domain until now: looks that see no change do not note each of them. */
async function endSightings(
  db: Transaction,
  { accountId, id: domainId, mxHosts }: Domain,
  lastSeenAt: Date,
): Promise<void> {
  const names = readStoredMx(mxHosts).map(({ mxHost }) => mxHost);
  const where = { accountId, domainId, mxHost: { in: names }, lastSeenAt: { lt: lastSeenAt } };
  await db.mxSighting.updateMany({ where, data: { lastSeenAt } });
}
