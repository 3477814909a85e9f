import type { FetchSummaryView } from "@waxseal/contract";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { getDomain } from "../domains/get-domain.ts";
import { loadDomainFacts } from "../domains/load-domain-facts.ts";
import type { FindNetwork } from "../networks/create-network-finder.ts";
import { safeCount } from "../safe-count.ts";
import { loadJudgedFacts } from "../watching/load-judged-facts.ts";
import { type FetchingOwner, joinSenders } from "./join-senders.ts";

type Senders = Pick<z.infer<typeof FetchSummaryView>, "coverage" | "senders">;

const DAYS = 30;
const MOST_NETWORKS = 2_000;
const MOST_SENDERS = 50;

/** Who fetched the policy of a domain in the last 30 days, joined with who reports about it. */
export async function loadSenders(
  ctx: Context,
  domainId: string,
  findNetwork: FindNetwork,
): Promise<Senders> {
  const { accountId, db, reports } = ctx;
  const now = ctx.now();
  const row = await getDomain(db, accountId, domainId);
  const facts = await loadDomainFacts(db, accountId, [row]);
  const [owners, judged] = await Promise.all([
    loadOwners(ctx, domainId, findNetwork),
    loadJudgedFacts({ db, reports }, [accountId], facts, now),
  ]);
  const said = judged.get(row.id)?.watched?.reports;
  const { items, share } = joinSenders(owners, said?.rhythms ?? [], now);
  return {
    coverage: said ? share : null,
    senders: items.slice(0, MOST_SENDERS).map(({ lastHour, state, ...item }) => ({
      ...item,
      lastHour: lastHour?.toISOString() ?? null,
      state: said ? state : "unknown",
    })),
  };
}

async function loadOwners(
  ctx: Context,
  domainId: string,
  findNetwork: FindNetwork,
): Promise<FetchingOwner[]> {
  const since = new Date(ctx.now().getTime() - DAYS * DAY_MS);
  const rows = await ctx.db.$queryRaw<{ network: string; fetches: string; lastHour: Date }[]>`
    select network, sum(fetches)::text as fetches, max(hour) as "lastHour" from policy_fetch
    where account_id = ${ctx.accountId} and domain_id = ${domainId}::uuid and hour >= ${since} and status = 200
      and network not in ('other', 'unknown')
    group by 1 order by sum(fetches) desc, 1 limit ${MOST_NETWORKS}`;
  const owners = new Map<string, FetchingOwner>();
  for (const { network, fetches, lastHour } of rows) {
    // Networks are announced as a whole, so that the first address represents all.
    const owner = (await findNetwork(network.split("/")[0] ?? ""))?.owner;
    if (owner === undefined) continue;
    const known = owners.get(owner);
    owners.set(owner, {
      owner,
      networks: (known?.networks ?? 0) + 1,
      fetches: (known?.fetches ?? 0) + safeCount(fetches),
      lastHour: known && known.lastHour > lastHour ? known.lastHour : lastHour,
    });
  }
  return [...owners.values()];
}
