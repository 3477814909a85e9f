import type { ServedPolicyView } from "@waxseal/contract";
import { formatPolicy } from "@waxseal/mta-sts";
import { describeAddresses, type EveryAddress, type FetchedPolicy } from "@waxseal/probes";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { getDomain } from "../domains/get-domain.ts";

/** Fetches a domain's policy through the public path, from every address of its host, and says when. */
export type FetchServedPolicy = (
  domain: string,
) => Promise<{ fetched: FetchedPolicy & { every?: EveryAddress }; fetchedAt: Date }>;

const MAX_VERSIONS = 1_000;

/**
 * What senders get for a domain right now, and which version that is.
 * @throws AppError `not_found` – no such domain in this account
 *
 * RFC 8461 §3.3
 */
export async function getServedPolicy(
  ctx: Context,
  input: { domainId: string },
  deps: { fetchServedPolicy: FetchServedPolicy },
): Promise<z.infer<typeof ServedPolicyView>> {
  const { accountId, db } = ctx;
  const { id: domainId, domain } = await getDomain(db, accountId, input.domainId);
  const [{ fetched, fetchedAt }, versions] = await Promise.all([
    deps.fetchServedPolicy(domain),
    db.policyVersion.findMany({
      where: { accountId, domainId },
      orderBy: { version: "desc" },
      take: MAX_VERSIONS,
    }),
  ]);
  const at = fetchedAt.toISOString();
  const differences = describeAddresses(fetched.every?.addresses ?? []);
  const addresses = differences === undefined ? null : `${differences}.`;
  if ("missing" in fetched) {
    return {
      fetchedAt: at,
      body: null,
      problem: `${fetched.detail}.`,
      addresses,
      version: null,
      isNewest: false,
    };
  }
  const { body } = fetched.found;
  const same = versions.find((version) => formatPolicy(version) === body);
  return {
    fetchedAt: at,
    body,
    problem: null,
    addresses,
    version: same?.version ?? null,
    isNewest: same !== undefined && same === versions[0],
  };
}
