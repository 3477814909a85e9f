import type { PolicyChangeView } from "@waxseal/contract";
import { formatInstant } from "@waxseal/contract/format-instant";
import type { Transaction } from "@waxseal/db";
import { z } from "zod";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { lockDomain } from "../domains/get-domain.ts";
import { type AssessDeps, assessPolicyChange } from "../policies/assess-policy-change.ts";
import { setPolicy } from "../policies/set-policy.ts";
import { requirePermission } from "../require-permission.ts";
import { awaitConnections } from "../watching/create-connection-gate.ts";
import { getPolicyChange } from "./get-policy-change.ts";
import { haltPolicyChange } from "./halt-policy-change.ts";
import { WAVE_APART_MS } from "./plan-waves.ts";

type View = z.infer<typeof PolicyChangeView>;

const ASSESSED_AT_ONCE = 5;
/** Those of a domain's mail hosts, usually. A step waits for as long for them, and leaves the other domains to the next step. */
const CONNECTIONS = { count: 10, withinMs: 20_000 };
const NOT_ASSESSED = "It could not be tested before enforcing. Open the domain and try again.";

const Wanted = z.object({ mode: z.string(), mx: z.array(z.string()), maxAgeSeconds: z.number() });

/**
 * Applies a prepared change to the next waiting domains, as the caller, one after the other and each in a transaction of its own: a
 * step that broke off loses and repeats nothing. A policy that was changed since the preview stays, and its line says so. Before a
 * domain is enforced it is looked at; what stops it cannot be acknowledged here, and its line says why.
 *
 * Domains that begin to enforce go in waves, a day apart; once the first is done, `applyDueWaves` goes on with the others. When something
 * critical opened on a domain that was changed, the change stops instead of going on.
 *
 * Two steps at once share the work.
 *
 * @throws AppError `not_found` – no such change in this account; `conflict` – nothing waits any more, or the next wave may not begin yet;
 * `forbidden`
 */
export async function continuePolicyChange(
  ctx: Context,
  { changeId, limit }: { changeId: string; limit: number },
  deps: AssessDeps,
): Promise<View> {
  requirePermission(ctx, "policies.publish");
  const { endedAt, wave, nextWaveAt } = await getPolicyChange(ctx, { changeId });
  if (endedAt !== null)
    throw new AppError("conflict", "This change has ended.", {
      reason: "change_ended",
      collidesWith: { kind: "policyChange", id: changeId },
    });
  if (await haltPolicyChange(ctx, changeId)) return getPolicyChange(ctx, { changeId });
  if (nextWaveAt !== null && new Date(nextWaveAt) > ctx.now()) {
    const text = `The next wave may begin on ${formatInstant(new Date(nextWaveAt))}, when the first domains have shown that their mail arrives.`;
    throw new AppError("conflict", text, {
      reason: "wave_waiting",
      collidesWith: { kind: "policyChange", id: changeId },
    });
  }
  const step = { changeId, wave };
  await ctx.db.policyChange.updateMany({
    where: { accountId: ctx.accountId, id: changeId },
    data: { nextWaveAt: null },
  });
  const assessments = await assessNext(ctx, step, limit, deps);
  for (let done = 0; done < assessments.size; done += 1) {
    if (!(await applyNext(ctx, step, assessments, deps))) break;
  }
  const { accountId } = ctx;
  await ctx.inTransaction(async (db) => {
    await endWave(db, ctx, step);
    await db.$executeRaw`
      update policy_change set ended_at = ${ctx.now()}
      where account_id = ${accountId} and id = ${changeId}::uuid and ended_at is null and not exists (
        select 1 from policy_change_line l where l.account_id = ${accountId} and l.change_id = ${changeId}::uuid and l.state = 'waiting')`;
  });
  return getPolicyChange(ctx, { changeId });
}

/** The domains of one wave that may be changed now. */
type Step = { changeId: string; wave: number };

/** Schedules the next wave for a day after the last domain of this one was changed; no person has to start it. */
async function endWave(db: Transaction, ctx: Context, { changeId, wave }: Step): Promise<void> {
  const key = { accountId: ctx.accountId, changeId, state: "waiting" };
  const [waiting, next] = await Promise.all([
    db.policyChangeLine.count({ where: { ...key, wave: { lte: wave } } }),
    db.policyChangeLine.aggregate({ where: key, _min: { wave: true } }),
  ]);
  if (waiting > 0 || next._min.wave === null) return;
  await db.policyChange.updateMany({
    where: { accountId: ctx.accountId, id: changeId, wave },
    data: {
      wave: next._min.wave,
      nextWaveAt: new Date(ctx.now().getTime() + WAVE_APART_MS),
      goesOn: true,
    },
  });
}

/** What was seen of the domains that may be changed now, by the place of the line; undefined where nothing had to be or could be seen. */
type Assessments = ReadonlyMap<number, string | undefined>;

/** Looks at the next domains that would be enforced, some at a time and in no transaction: probes take seconds. */
async function assessNext(
  ctx: Context,
  { changeId, wave }: Step,
  limit: number,
  deps: AssessDeps,
): Promise<Assessments> {
  const waiting = await ctx.db.policyChangeLine.findMany({
    where: { accountId: ctx.accountId, changeId, state: "waiting", wave: { lte: wave } },
    orderBy: { place: "asc" },
    take: limit,
  });
  const lines = waiting.filter(({ after }) => Wanted.parse(after).mode === "enforce");
  const assessments = new Map<number, string | undefined>(
    waiting.flatMap((line) => (lines.includes(line) ? [] : [[line.place, undefined] as const])),
  );
  const shared = { ...deps, probeMxHost: onceForEach(deps.probeMxHost) };
  const work = async () => {
    for (let line = lines.shift(); line; line = lines.shift()) {
      if (!(await awaitConnections(ctx.db, { ...CONNECTIONS, aMinute: deps.connectionsAMinute }))) break;
      const { place, ownerId, domainId, after } = line;
      const policy = { ...Wanted.parse(after), mode: "enforce" as const };
      const target: Context = { ...ctx, accountId: ownerId };
      assessments.set(place, undefined);
      try {
        const found = await assessPolicyChange(target, { domainId, policy, trustsGoodTests: true }, shared);
        assessments.set(place, found.id);
      } catch (error) {
        // A domain that is gone is refused when its line is applied.
        if (!(error instanceof AppError)) throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: ASSESSED_AT_ONCE }, work));
  return assessments;
}

/** Domains that are assessed side by side often have the same mail hosts. */
function onceForEach<Answer>(ask: (mxHost: string) => Promise<Answer>): (mxHost: string) => Promise<Answer> {
  const answers = new Map<string, Promise<Answer>>();
  return (mxHost) => {
    const answer = answers.get(mxHost) ?? ask(mxHost);
    answers.set(mxHost, answer);
    return answer;
  };
}

/** Whether there was a line that waited. */
async function applyNext(
  ctx: Context,
  { changeId, wave }: Step,
  assessments: Assessments,
  deps: AssessDeps,
): Promise<boolean> {
  const { accountId } = ctx;
  return ctx.inTransaction(async (db) => {
    const [next] = await db.$queryRaw<{ place: number }[]>`
      select place from policy_change_line
      where account_id = ${accountId} and change_id = ${changeId}::uuid and state = 'waiting' and wave <= ${wave}
        and place = any(${[...assessments.keys()]}::int[])
      order by place limit 1 for update skip locked`;
    if (!next) return false;
    const key = { accountId, changeId, place: next.place };
    const data = await applyLine(ctx, db, key, { assessmentId: assessments.get(next.place), deps });
    const appliedAt = data.state === "applied" ? ctx.now() : null;
    await db.policyChangeLine.update({
      where: { accountId_changeId_place: key },
      data: { ...data, appliedAt },
    });
    return true;
  });
}

type Result = { state: "applied"; version: number } | { state: "refused"; reason: string };

/** Throws refusals before the first write, so the transaction can continue after one. */
async function applyLine(
  ctx: Context,
  db: Transaction,
  key: { accountId: string; changeId: string; place: number },
  { assessmentId, deps }: { assessmentId: string | undefined; deps: AssessDeps },
): Promise<Result> {
  const line = await db.policyChangeLine.findUniqueOrThrow({ where: { accountId_changeId_place: key } });
  const { ownerId: accountId, domainId } = line;
  try {
    const owner = await db.organization.findUnique({ where: { id: accountId } });
    if (accountId !== ctx.accountId && owner?.parentId !== ctx.accountId) {
      return { state: "refused", reason: "Its account is no longer a customer." };
    }
    if (owner?.closingAt) return { state: "refused", reason: "Its account is being deleted." };
    await lockDomain(db, accountId, domainId);
    const newest = await db.policyVersion.findFirst({
      where: { accountId, domainId },
      orderBy: { version: "desc" },
    });
    if (newest?.version !== line.fromVersion) {
      const by = newest ? ` by ${newest.createdBy}` : "";
      return { state: "refused", reason: `Its policy was changed${by} after the preview.` };
    }
    const target: Context = { ...ctx, accountId, inTransaction: (work) => work(db) };
    const wanted = Wanted.parse(line.after);
    const { changeId } = key;
    if (wanted.mode === "enforce" && !assessmentId) return { state: "refused", reason: NOT_ASSESSED };
    const made = await setPolicy(target, { domainId, ...wanted, changeId, assessmentId }, deps);
    return { state: "applied", version: made.version };
  } catch (error) {
    if (error instanceof AppError) return { state: "refused", reason: error.message };
    throw error;
  }
}
