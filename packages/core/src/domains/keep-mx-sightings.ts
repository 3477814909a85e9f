import type { Domain, Transaction } from "@waxseal/db";
import type { MxHost } from "./draft-policy.ts";

/** Notes which hosts a domain has now. A host that no domain had before is due to be probed at once. */
export async function keepMxSightings(
  db: Transaction,
  { accountId, id: domainId }: Pick<Domain, "accountId" | "id">,
  mxHosts: readonly MxHost[],
  at: Date,
): Promise<void> {
  const lowest = new Map<string, number>();
  for (const { mxHost, preference } of mxHosts) {
    lowest.set(mxHost, Math.min(preference, lowest.get(mxHost) ?? preference));
  }
  const data = [...lowest].map(([mxHost, preference]) => ({ mxHost, preference }));
  if (data.length === 0) return;
  await db.$executeRaw`
    insert into mx_sighting (account_id, domain_id, mx_host, preference, first_seen_at, last_seen_at)
    select ${accountId}, ${domainId}::uuid, h."mxHost", h.preference, ${at}, ${at}
    from jsonb_to_recordset(${JSON.stringify(data)}::jsonb) h ("mxHost" text, preference int)
    on conflict (account_id, domain_id, mx_host) do update
      set preference = excluded.preference, last_seen_at = excluded.last_seen_at`;
  await db.mxHostWatch.createMany({
    data: [...lowest.keys()]
      .filter((mxHost) => mxHost !== ".")
      .sort()
      .map((mxHost) => ({ mxHost, nextProbeAt: at, isUrgent: true })),
    skipDuplicates: true,
  });
}
