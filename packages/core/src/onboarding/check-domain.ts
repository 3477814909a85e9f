import type { Domain, SetupRecord, Transaction } from "@waxseal/db";
import type { OtherResolvers, Resolver } from "@waxseal/probes";
import type { Context } from "../context.ts";
import { type CheckedRecord, checkDomainRecord } from "../domains/check-domain-record.ts";
import { type DnsZone, findDnsZone } from "../domains/find-dns-zone.ts";
import { getDomain, lockDomain } from "../domains/get-domain.ts";
import { keepDomainMx } from "../domains/keep-domain-mx.ts";
import { seeDomainMx } from "../domains/see-domain-mx.ts";
import { domainJobKey, enqueueJob, enqueueJudgement } from "../enqueue-job.ts";
import type { HostingSettings } from "../hosting-settings.ts";
import { easeRegainedPolicy } from "../policies/ease-regained-policy.ts";
import { followMx } from "../policies/follow-mx.ts";
import { recordEvent } from "../record-event.ts";
import { requirePermission } from "../require-permission.ts";
import { recordServingChange } from "../serving/record-serving-change.ts";
import { RECORD_KINDS } from "../setup-names.ts";
import { followPolicyHost } from "./check-domain-certificate.ts";
import { claimDomain } from "./check-domain-claim.ts";
import { nextCheckTime } from "./check-domain-schedule.ts";

/** What a check depends on. */
export type CheckDomainDeps = {
  resolver: Resolver;
  otherResolvers?: OtherResolvers | undefined;
  settings: HostingSettings;
  random?: () => number;
};

/**
 * Looks at a domain's three CNAMEs and its MX now, keeps what was seen, and acts on it: the claim, the certificate, the policy that
 * waits for it, and the next check are all in one transaction with what was seen. Safe to run at any time and twice at once.
 *
 * A check that a person or an API key asked for starts the fast part of the schedule again, and tries again what is stuck. Nothing is done for a domain that has left.
 *
 * @throws AppError `not_found`
 */
export async function checkDomain(
  ctx: Context,
  { domainId }: { domainId: string },
  { resolver, otherResolvers, settings, random = Math.random }: CheckDomainDeps,
): Promise<Domain> {
  requirePermission(ctx, "domains.change");
  const found = await getDomain(ctx.db, ctx.accountId, domainId);
  const { domain, token, status } = found;
  if (status === "left") return found;
  const lookedAt = ctx.now();
  const looked = findDnsZone(resolver, domain);
  const [records, seenMx, dnsZone] = await Promise.all([
    Promise.all(
      RECORD_KINDS.map(async (kind) => {
        const zone = (await looked)?.zone;
        return checkDomainRecord(resolver, { kind, domain, token, hostedZone: settings.hostedZone, zone });
      }),
    ),
    seeDomainMx(found, { resolver, otherResolvers }),
    looked,
  ]);
  return ctx.inTransaction(async (db) => {
    const row = await lockDomain(db, ctx.accountId, domainId);
    // Of two checks at once, what the one saw that began later is kept, whichever writes last.
    if (row.status === "left" || (row.checkedAt && row.checkedAt > lookedAt)) return row;
    const { changed, isFirst } = await keepRecords(db, ctx, row, records);
    if (isFirst) await enqueuePublication(db, row, "record.publish");
    const isAsked = ctx.actor.kind === "user" || ctx.actor.kind === "apiKey";
    const checksSinceChange = isAsked || changed.length > 0 ? 0 : row.checkAttempts;
    await followRecords(db, ctx, row, { records, changed, checksSinceChange, isAsked });
    const isComplete = records.every(({ state }) => state === "correct") && row.status !== "pending";
    const nextCheckAt = nextCheckTime(ctx.now(), { checksSinceChange, isComplete }, random());
    const key = domainJobKey("domain.check", row.id);
    const { accountId } = ctx;
    await enqueueJob(db, "domain.check", { accountId, domainId: row.id }, { key, runAt: nextCheckAt });
    // What DNS does not answer stays as it was.
    const kept = seenMx && (await keepDomainMx(db, ctx, row, seenMx));
    const checked = await db.domain.update({
      where: { accountId_id: { accountId, id: row.id } },
      data: {
        checkedAt: lookedAt,
        nextCheckAt,
        checkAttempts: checksSinceChange + 1,
        ...keepZone(dnsZone),
      },
    });
    const isClaimChanged = await claimDomain(db, ctx, row, records);
    if (kept) await followMx(db, ctx, row, kept.mxHosts);
    // Each look counts, also one that saw the same.
    await enqueueJudgement(db, accountId, row.id);
    if (isClaimChanged) await easeRegainedPolicy(db, ctx, row, kept?.mxHosts);
    if (isClaimChanged) await recordServingChange(db, "policy", row.domain, ctx.now());
    return checked;
  });
}

/** Updates the setup records; `changed` are the kinds whose state is another one now, `isFirst` that this was the first look. */
async function keepRecords(
  db: Transaction,
  ctx: Context,
  domain: Domain,
  records: readonly CheckedRecord[],
): Promise<{ changed: CheckedRecord["kind"][]; isFirst: boolean }> {
  const { accountId } = ctx;
  const before = await db.setupRecord.findMany({ where: { accountId, domainId: domain.id } });
  const changed: CheckedRecord["kind"][] = [];
  for (const { kind, state, seen, misplaced, misdirected } of records) {
    const old = before.find((record) => record.kind === kind);
    const correctSince = correctSinceOf(old, state, ctx.now());
    const data = { state, seen, misplaced, misdirected, checkedAt: ctx.now(), correctSince };
    await db.setupRecord.upsert({
      where: { accountId_domainId_kind: { accountId, domainId: domain.id, kind } },
      create: { accountId, domainId: domain.id, kind, ...data },
      update: data,
    });
    if (old?.state === state && old.seen === seen) continue;
    changed.push(kind);
    const from = old?.state ?? "unchecked";
    await recordEvent(db, ctx, "setup.changed", { domainId: domain.id, record: kind, from, to: state, seen });
  }
  return { changed, isFirst: before.every(({ state }) => state === "unchecked") };
}

/** A record that cannot be looked at now has not stopped being correct. */
function correctSinceOf(old: SetupRecord | undefined, state: CheckedRecord["state"], now: Date): Date | null {
  if (state === "correct") return old?.correctSince ?? now;
  return state === "unreachable" ? (old?.correctSince ?? null) : null;
}

async function followRecords(
  db: Transaction,
  ctx: Context,
  domain: Domain,
  seen: {
    records: readonly CheckedRecord[];
    changed: readonly string[];
    checksSinceChange: number;
    isAsked: boolean;
  },
): Promise<void> {
  const record = seen.records.find(({ kind }) => kind === "policyHost");
  if (!record) return;
  await followPolicyHost(db, ctx, domain, { ...seen, record });
  if (record.state !== "correct" || domain.servedVersion === null) return;
  const isBack = seen.changed.includes("policyHost");
  const isStuck = domain.publishProblem !== null;
  if (!isBack && !(isStuck && seen.isAsked)) return;
  await enqueuePublication(db, domain, "policy.publish");
}

function enqueuePublication(
  db: Transaction,
  { accountId, id: domainId }: Domain,
  job: "policy.publish" | "record.publish",
): Promise<void> {
  return enqueueJob(db, job, { accountId, domainId }, { key: domainJobKey(job, domainId) });
}

/** The zone and its name servers; what DNS does not answer stays as it was. */
function keepZone(found: DnsZone | undefined) {
  return found ? { dnsZone: found.zone, nameservers: found.nameservers } : {};
}
