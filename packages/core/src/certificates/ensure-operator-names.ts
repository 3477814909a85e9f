import type { Resolver } from "@waxseal/probes";
import type { ContextSource } from "../context.ts";

/** The account that the operator's own names belong to; no tenant has it. */
const OPERATOR_ACCOUNT_ID = "operator";

/**
 * Sees to it that the operator's own hosts get certificates, as soon as they resolve to our servers: until then there is nothing
 * to prove and nothing to complain about. Returns the hosts that were added. Safe to repeat.
 */
export async function ensureOperatorNames(
  { db, now }: ContextSource,
  hosts: readonly string[],
  { resolver, policyAddresses }: { resolver: Resolver; policyAddresses: readonly string[] },
): Promise<string[]> {
  const accountId = OPERATOR_ACCOUNT_ID;
  const known = await db.certificateName.findMany({
    where: { accountId, host: { in: [...hosts] } },
    select: { host: true },
  });
  const added: string[] = [];
  for (const host of hosts) {
    if (known.some((name) => name.host === host)) continue;
    const answer = await resolver.resolveAddresses(host);
    if (!("found" in answer) || !answer.found.some(({ address }) => policyAddresses.includes(address)))
      continue;
    const { count } = await db.certificateName.createMany({
      data: [{ accountId, host, stateSince: now() }],
      skipDuplicates: true,
    });
    if (count > 0) added.push(host);
  }
  return added;
}
