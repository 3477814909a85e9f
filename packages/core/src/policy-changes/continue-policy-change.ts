import type { PolicyChangeView } from "@waxseal/contract";
import type { Transaction } from "@waxseal/db";
import { z } from "zod";
import { isCustomerOf } from "../accounts/find-access.ts";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { lockDomain } from "../domains/get-domain.ts";
import { type AssessDeps, assessPolicyChange } from "../policies/assess-policy-change.ts";
import { setPolicy } from "../policies/set-policy.ts";
import { recordEvent } from "../record-event.ts";
import { requirePermission } from "../require-permission.ts";
import { getPolicyChange } from "./get-policy-change.ts";

type View = z.infer<typeof PolicyChangeView>;

const ASSESSED_AT_ONCE = 5;
const NOT_ASSESSED = "It could not be tested before enforcing. Open the domain and try again.";

const Wanted = z.object({ mode: z.string(), mx: z.array(z.string()), maxAgeSeconds: z.number() });

/**
 * Applies a prepared change to the next waiting domains, as the caller, one after the other and each in a transaction of its own: a
 * step that broke off loses and repeats nothing. A policy that was changed since the preview stays, and its line says so. Before a
 * domain is enforced it is looked at; what stops it cannot be acknowledged here, and its line says why.
 *
 * Two steps at once share the work.
 *
 * @throws AppError `not_found` – no such change in this account; `conflict` – nothing waits any more; `forbidden`
 */
export async function continuePolicyChange(
  ctx: Context,
  { changeId, limit }: { changeId: string; limit: number },
  deps: AssessDeps,
): Promise<View> {
  requirePermission(ctx, "policies.publish");
  const { endedAt } = await getPolicyChange(ctx, { changeId });
  if (endedAt !== null) throw new AppError("conflict", "This change has ended.");
  const assessments = await assessNext(ctx, changeId, limit, deps);
  for (let done = 0; done < limit; done += 1) {
    if (!(await applyNext(ctx, changeId, assessments, deps))) break;
  }
  const { accountId } = ctx;
  await ctx.inTransaction(async (db) => {
    await db.$executeRaw`
      update policy_change set ended_at = ${ctx.now()}
      where account_id = ${accountId} and id = ${changeId}::uuid and ended_at is null and not exists (
        select 1 from policy_change_line l where l.account_id = ${accountId} and l.change_id = ${changeId}::uuid and l.state = 'waiting')`;
  });
  return getPolicyChange(ctx, { changeId });
}

/**
 * Ends a prepared change: domains that still wait keep their policies; what was applied stays.
 * @throws AppError `not_found` – no such change in this account; `conflict` – nothing waits any more; `forbidden`
 */
export async function stopPolicyChange(ctx: Context, { changeId }: { changeId: string }): Promise<View> {
  requirePermission(ctx, "policies.publish");
  await getPolicyChange(ctx, { changeId });
  const { accountId } = ctx;
  await ctx.inTransaction(async (db) => {
    const ended = await db.policyChange.updateMany({
      where: { accountId, id: changeId, endedAt: null },
      data: { endedAt: ctx.now() },
    });
    if (ended.count === 0) throw new AppError("conflict", "This change has ended.");
    const { count } = await db.policyChangeLine.updateMany({
      where: { accountId, changeId, state: "waiting" },
      data: { state: "stopped" },
    });
    await recordEvent(db, ctx, "policyChange.stopped", {
      changeId,
      stopped: count,
      before: { waiting: count },
    });
  });
  return getPolicyChange(ctx, { changeId });
}

/** What was seen of a domain, by the place of its line. */
type Assessments = ReadonlyMap<number, string>;

/** Looks at the next domains that would be enforced, some at a time and in no transaction: probes take seconds. */
async function assessNext(
  ctx: Context,
  changeId: string,
  limit: number,
  deps: AssessDeps,
): Promise<Assessments> {
  const waiting = await ctx.db.policyChangeLine.findMany({
    where: { accountId: ctx.accountId, changeId, state: "waiting" },
    orderBy: { place: "asc" },
    take: limit,
  });
  const lines = waiting.filter(({ after }) => Wanted.parse(after).mode === "enforce");
  const assessments = new Map<number, string>();
  const work = async () => {
    for (let line = lines.shift(); line; line = lines.shift()) {
      const { place, ownerId, domainId, after } = line;
      const wanted = Wanted.parse(after);
      const target: Context = { ...ctx, accountId: ownerId };
      try {
        const { id } = await assessPolicyChange(
          target,
          { domainId, policy: { ...wanted, mode: "enforce" } },
          deps,
        );
        assessments.set(place, id);
      } catch (error) {
        // A domain that is gone is refused when its line is applied.
        if (!(error instanceof AppError)) throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: ASSESSED_AT_ONCE }, work));
  return assessments;
}

/** Whether there was a line that waited. */
async function applyNext(
  ctx: Context,
  changeId: string,
  assessments: Assessments,
  deps: AssessDeps,
): Promise<boolean> {
  const { accountId } = ctx;
  return ctx.inTransaction(async (db) => {
    const [next] = await db.$queryRaw<{ place: number }[]>`
      select place from policy_change_line
      where account_id = ${accountId} and change_id = ${changeId}::uuid and state = 'waiting'
      order by place limit 1 for update skip locked`;
    if (!next) return false;
    const key = { accountId, changeId, place: next.place };
    const data = await applyLine(ctx, db, key, { assessmentId: assessments.get(next.place), deps });
    await db.policyChangeLine.update({ where: { accountId_changeId_place: key }, data });
    return true;
  });
}

type Result = { state: "applied"; version: number } | { state: "refused"; reason: string };

/** Refusals come before the first write, so the transaction goes on after one. */
async function applyLine(
  ctx: Context,
  db: Transaction,
  key: { accountId: string; changeId: string; place: number },
  { assessmentId, deps }: { assessmentId: string | undefined; deps: AssessDeps },
): Promise<Result> {
  const line = await db.policyChangeLine.findUniqueOrThrow({ where: { accountId_changeId_place: key } });
  const { ownerId: accountId, domainId } = line;
  try {
    if (accountId !== ctx.accountId && !(await isCustomerOf(db, accountId, ctx.accountId))) {
      return { state: "refused", reason: "Its account is no customer any more." };
    }
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
