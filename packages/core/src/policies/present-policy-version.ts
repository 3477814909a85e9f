import type { PolicyVersionView } from "@waxseal/contract";
import type { PolicyVersion } from "@waxseal/db";
import { formatPolicy } from "@waxseal/mta-sts";
import type { z } from "zod";
import { versionHorizonAt } from "../domains/cache-horizon-at.ts";

/** A version of a policy as shown; see `versionHorizonAt` for `firstPublishedAt`. */
export function presentPolicyVersion(
  row: PolicyVersion,
  firstPublishedAt: Date | undefined,
): z.infer<typeof PolicyVersionView> {
  const { version, policyId, mode, mx, maxAgeSeconds, state, createdBy } = row;
  return {
    version,
    policyId,
    mode,
    mx,
    maxAgeSeconds,
    state,
    createdBy,
    createdAt: row.createdAt.toISOString(),
    publishedAt: row.publishedAt?.toISOString() ?? null,
    lastServedAt: row.lastServedAt?.toISOString() ?? null,
    horizonAt: versionHorizonAt(row, firstPublishedAt)?.toISOString() ?? null,
    body: formatPolicy({ mode, mx, maxAgeSeconds }),
  };
}
