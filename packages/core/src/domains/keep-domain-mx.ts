import type { Domain, Transaction } from "@waxseal/db";
import type { Context } from "../context.ts";
import { recordEvent } from "../record-event.ts";
import type { MxHost } from "./draft-policy.ts";

/** Stores the MX hosts of a locked domain as DNS just gave them, with an event when they differ from the last look. */
export async function keepDomainMx(
  db: Transaction,
  ctx: Context,
  domain: Domain,
  mxHosts: readonly MxHost[],
): Promise<void> {
  const before = Array.isArray(domain.mxHosts) ? domain.mxHosts : [];
  if (domain.mxCheckedAt && sortedHosts(before) !== sortedHosts(mxHosts)) {
    await recordEvent(db, ctx, "mx.changed", {
      domainId: domain.id,
      mxHosts: mxHosts.map(({ mxHost, preference }) => ({ mxHost, preference })),
    });
  }
  await keepSightings(db, ctx, domain, mxHosts);
  await db.domain.update({
    where: { accountId_id: { accountId: domain.accountId, id: domain.id } },
    data: {
      mxHosts: mxHosts.map(({ mxHost, preference }) => ({ mxHost, preference })),
      mxCheckedAt: ctx.now(),
    },
  });
}

async function keepSightings(
  db: Transaction,
  ctx: Context,
  { accountId, id: domainId }: Domain,
  mxHosts: readonly MxHost[],
): Promise<void> {
  const lowest = new Map<string, number>();
  for (const { mxHost, preference } of mxHosts) {
    lowest.set(mxHost, Math.min(preference, lowest.get(mxHost) ?? preference));
  }
  for (const [mxHost, preference] of lowest) {
    const key = { accountId, domainId, mxHost };
    const at = ctx.now();
    await db.mxSighting.upsert({
      where: { accountId_domainId_mxHost: key },
      create: { ...key, preference, firstSeenAt: at, lastSeenAt: at },
      update: { preference, lastSeenAt: at },
    });
  }
}

function sortedHosts(hosts: readonly unknown[]): string {
  const read = (host: unknown) =>
    typeof host === "object" && host !== null && "mxHost" in host ? String(host.mxHost) : "";
  return hosts.map(read).sort().join(" ");
}
