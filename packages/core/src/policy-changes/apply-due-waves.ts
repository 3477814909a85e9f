import { MINUTE_MS } from "@waxseal/runtime/time-spans";
import { AppError } from "../app-error.ts";
import { type Context, type ContextSource, createContext } from "../context.ts";
import type { AssessDeps } from "../policies/assess-policy-change.ts";
import { recordEvent } from "../record-event.ts";
import { continuePolicyChange } from "./continue-policy-change.ts";
import { getPolicyChange } from "./get-policy-change.ts";
import { haltPolicyChange } from "./halt-policy-change.ts";

/** `applied`: policies that were changed. `stopped`: changes that ended because of a serious problem. */
export type AppliedWaves = { applied: number; stopped: number };

const MAX_CHANGES = 100;
const STEP_DOMAINS = 25;
/** Longer than one step takes, so that a worker that died is soon replaced. */
const CLAIM_MS = 3 * MINUTE_MS;
/** The assessment before a change tests the mail hosts too: a test counts as a watch some time after it. */
const WATCHED_AFTER_SECONDS = 3_600;

type Open = { accountId: string; id: string; createdBy: string; nextWaveAt: Date | null };

/**
 * Continues the changes whose first wave a person applied. A critical alert on a changed domain stops its change. The next wave is applied
 * when it is due and each mail host of the domains changed so far was tested again; a wave waits while no test
 * succeeds.
 *
 * Safe to run twice and at once: a change is claimed by one run, and a claim ends three minutes after the run that holds it.
 */
export async function applyDueWaves(source: ContextSource, deps: AssessDeps): Promise<AppliedWaves> {
  const open = await source.db.policyChange.findMany({
    where: { endedAt: null, goesOn: true },
    orderBy: [{ nextWaveAt: { sort: "asc", nulls: "first" } }, { accountId: "asc" }, { id: "asc" }],
    select: { accountId: true, id: true, createdBy: true, nextWaveAt: true },
    take: MAX_CHANGES,
  });
  const total: AppliedWaves = { applied: 0, stopped: 0 };
  for (const change of open) {
    const actor = {
      kind: "job",
      id: "policyChange.continue",
      name: `Waxseal, for ${change.createdBy}`,
    } as const;
    const ctx = createContext(source, change.accountId, actor);
    try {
      if (await haltPolicyChange(ctx, change.id)) total.stopped += 1;
      else if (await isDue(ctx, change)) total.applied += await applyWave(ctx, change.id, deps);
    } catch (error) {
      // A person ended the change in between.
      if (!(error instanceof AppError) || error.code !== "conflict") throw error;
    }
  }
  return total;
}

async function isDue(ctx: Context, { id, nextWaveAt }: Open): Promise<boolean> {
  if (nextWaveAt !== null && nextWaveAt > ctx.now()) return false;
  return (await isWatched(ctx, id)) && (await claim(ctx, id));
}

/** Whether every mail host behind the domains that this change made enforce was tested since. */
async function isWatched({ db, accountId }: Context, changeId: string): Promise<boolean> {
  const unseen = await db.$queryRaw<unknown[]>`
    select 1 from policy_change_line l
    join policy_change c on c.account_id = l.account_id and c.id = l.change_id and l.wave < c.wave
    join domain d on d.account_id = l.owner_id and d.id = l.domain_id and d.status = 'active'
    cross join jsonb_array_elements(case jsonb_typeof(d.mx_hosts) when 'array' then d.mx_hosts else '[]' end) h
    where l.account_id = ${accountId} and l.change_id = ${changeId}::uuid and l.state = 'applied'
      and l.after->>'mode' = 'enforce' and h->>'mxHost' <> '.'
      and not exists (
        select 1 from mx_host_probe p
        where p.mx_host = h->>'mxHost' and p.probed_at >= l.applied_at + make_interval(secs => ${WATCHED_AFTER_SECONDS}))
    limit 1`;
  return unseen.length === 0;
}

async function claim(ctx: Context, id: string): Promise<boolean> {
  const now = ctx.now();
  const { count } = await ctx.db.policyChange.updateMany({
    where: {
      accountId: ctx.accountId,
      id,
      endedAt: null,
      OR: [{ claimedUntil: null }, { claimedUntil: { lte: now } }],
    },
    data: { claimedUntil: new Date(now.getTime() + CLAIM_MS) },
  });
  return count > 0;
}

async function applyWave(ctx: Context, changeId: string, deps: AssessDeps): Promise<number> {
  const { accountId } = ctx;
  const before = await getPolicyChange(ctx, { changeId });
  if (before.nextWaveAt !== null) {
    const { wave, waves, waiting } = before;
    await recordEvent(ctx.db, ctx, "policyChange.continued", { changeId, wave: wave + 1, waves, waiting });
  }
  let { applied, refused } = before;
  try {
    for (;;) {
      const change = await continuePolicyChange(ctx, { changeId, limit: STEP_DOMAINS }, deps);
      const isIdle = change.applied === applied && change.refused === refused;
      ({ applied, refused } = change);
      if (change.endedAt !== null || change.nextWaveAt !== null || isIdle) break;
      const claimedUntil = new Date(ctx.now().getTime() + CLAIM_MS);
      await ctx.db.policyChange.updateMany({ where: { accountId, id: changeId }, data: { claimedUntil } });
    }
  } finally {
    await ctx.db.policyChange.updateMany({
      where: { accountId, id: changeId },
      data: { claimedUntil: null },
    });
  }
  return applied - before.applied;
}
