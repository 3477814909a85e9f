import type { Domain, Transaction } from "@waxseal/db";
import { allowsMxHost } from "@waxseal/mta-sts";
import type { Context } from "../context.ts";
import type { MxHost } from "../domains/draft-policy.ts";
import { addPolicyVersion } from "./add-policy-version.ts";

/**
 * Publishes the policy of a domain that another account had for a while as testing, when it enforces and its mail hosts no longer fit
 * it, one is broken or they are not known: it would go to senders again without a look. `mxHosts` is what DNS answers now, if it did.
 * The domain is locked. Takes the lock of the change feed: call it last.
 *
 * RFC 8461 §4, §8.1
 */
export async function easeRegainedPolicy(
  db: Transaction,
  ctx: Context,
  domain: Domain,
  mxHosts: readonly MxHost[] | undefined,
): Promise<void> {
  const { accountId, id: domainId, status, publishedVersion, servedVersion: version } = domain;
  if (status !== "active" || publishedVersion === null || version === null) return;
  const served = await db.policyVersion.findUniqueOrThrow({
    where: { accountId_domainId_version: { accountId, domainId, version } },
  });
  if (served.mode !== "enforce") return;
  const names = mxHosts?.map(({ mxHost }) => mxHost).filter((mxHost) => mxHost !== ".");
  const isAllowed = names?.every((mxHost) => allowsMxHost(served.mx, mxHost)) ?? false;
  const broken = { mxHost: { in: names ?? [] }, address: "", confirmedState: "bad" } as const;
  if (isAllowed && (await db.mxHostProbe.count({ where: broken })) === 0) return;
  const { mx, maxAgeSeconds } = served;
  await addPolicyVersion(
    db,
    ctx,
    domain,
    { mode: "testing", mx, maxAgeSeconds },
    { restoredVersion: version },
  );
}
