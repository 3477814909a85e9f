import type { PolicyAssessmentView } from "@waxseal/contract";
import { type Domain, isDatabaseAway, isOneDatabase, type PolicyAssessment, type Prisma } from "@waxseal/db";
import { allowsMxHost, type Policy } from "@waxseal/mta-sts";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import { z } from "zod";
import type { Context } from "../context.ts";
import type { MxHost } from "../domains/draft-policy.ts";
import { findFormerMx, listSeenMx } from "../domains/find-former-mx.ts";
import { getDomain, lockDomain } from "../domains/get-domain.ts";
import { keepDomainMx } from "../domains/keep-domain-mx.ts";
import { readStoredMx, sortedHosts } from "../domains/read-mx-hosts.ts";
import { type MxLookUpDeps, type SeenMx, seeDomainMx } from "../domains/see-domain-mx.ts";
import { assessPolicy, type UnsafeReason, verdictOf } from "../judging/assess-policy.ts";
import { nameCause } from "../judging/continuing-refusals.ts";
import type { SeenMxHost } from "../judging/seen-mx-host.ts";
import { simulatePolicy } from "../judging/simulate-policy.ts";
import { storedPolicies } from "../reports/understanding/stored-policies.ts";
import { requirePermission } from "../require-permission.ts";
import { ownerName } from "../setup-names.ts";
import { findGoodTest } from "../watching/find-good-test.ts";
import { keepMxProbe } from "../watching/keep-mx-probe.ts";
import { lookAtMxHost, type MxProbeDeps } from "../watching/look-at-mx-host.ts";

/** The questions to the outside world that an assessment asks. */
export type AssessDeps = MxLookUpDeps & MxProbeDeps;

type Wanted = {
  domainId: string;
  policy: Policy;
  /** A good test of an MX host is not repeated for ten minutes: for many domains at once. A person who waits sees the present state. */
  trustsGoodTests?: boolean;
};

type View = z.infer<typeof PolicyAssessmentView>;

const StoredPolicy = z.object({ mode: z.string(), mx: z.array(z.string()), maxAgeSeconds: z.number() });

const REPORT_DAYS = 14;
const VALID_MS = 10 * 60_000;
/** Most hosts that are connected to while a person waits; the others count as not tested. */
const MAX_PROBED = 10;
const MAX_REPORTS = 5_000;

/**
 * Looks at everything that decides whether mail would be held back by this policy, now: MX hosts and the TLS of each, the three
 * CNAMEs, our certificate, and what trusted reports of the last 14 days say. Kept for ten minutes, in which `setPolicy` goes by it.
 *
 * Only mode enforce is looked at; testing and none are always safe. Takes as long as the slowest probe.
 *
 * @throws AppError `not_found` – no such domain in this account; `forbidden`
 *
 * RFC 8461 §4, §5
 */
export async function assessPolicyChange(
  ctx: Context,
  { domainId, policy, trustsGoodTests = false }: Wanted,
  deps: AssessDeps,
): Promise<PolicyAssessment> {
  requirePermission(ctx, "policies.publish");
  const domain = await getDomain(ctx.db, ctx.accountId, domainId);
  const isEnforcing = policy.mode === "enforce";
  const looked = isEnforcing ? await seeDomainMx(domain, deps) : undefined;
  const mxHosts = looked && isCertain(domain, looked) ? looked.mxHosts : undefined;
  const see = async (mxHost: string) =>
    (trustsGoodTests && (await findGoodTest(ctx.db, mxHost, new Date(ctx.now().getTime() - VALID_MS)))) ||
    seeMxHost(ctx, mxHost, deps);
  const [seen, known] = await Promise.all([
    seeMxHosts(mxHosts, see),
    loadKnown(ctx, domain, policy, mxHosts ?? []),
  ]);
  const reasons = assessPolicy(policy, { domain: domain.domain, mx: seen, ...known }, ctx.now());
  return ctx.inTransaction(async (db) => {
    const row = await lockDomain(db, ctx.accountId, domainId);
    const kept = looked && (await keepDomainMx(db, ctx, row, looked));
    const newest = await db.policyVersion.aggregate({
      where: { accountId: ctx.accountId, domainId },
      _max: { version: true },
    });
    const lookedAt = ctx.now();
    return db.policyAssessment.create({
      data: {
        accountId: ctx.accountId,
        domainId,
        policy: toJson(policy),
        mxHosts: sortedHosts(kept?.mxHosts ?? readStoredMx(row.mxHosts)),
        newestVersion: newest._max.version ?? 0,
        reasons: toJson(reasons),
        simulation: toJson(known.simulation),
        lookedAt,
        validUntil: new Date(lookedAt.getTime() + VALID_MS),
      },
    });
  });
}

/** Answers that contradict one another do not say where mail goes, and neither does one that suddenly names no host at all. */
function isCertain({ mxHosts }: Domain, { mxHosts: seen, opinion }: SeenMx): boolean {
  return opinion === "agrees" && (seen.length > 0 || readStoredMx(mxHosts).length === 0);
}

/** An assessment of this policy, also one whose time is over; undefined when this account has none. */
export async function findAssessment(
  ctx: Context,
  { assessmentId, domainId, policy }: { assessmentId: string; domainId: string; policy: Policy },
): Promise<PolicyAssessment | undefined> {
  const id = z.uuid().safeParse(assessmentId).data;
  if (!id) return undefined;
  const found = await ctx.db.policyAssessment.findFirst({
    where: { accountId: ctx.accountId, id, domainId },
  });
  return found && isSamePolicy(found.policy, policy) ? found : undefined;
}

/** An assessment as the API shows it. */
export function presentAssessment({ id, reasons, simulation, lookedAt, validUntil }: PolicyAssessment): View {
  const read = readReasons(reasons);
  const seen = simulation as View["simulation"];
  return {
    assessmentId: id,
    lookedAt: lookedAt.toISOString(),
    validUntil: validUntil.toISOString(),
    verdict: verdictOf(read),
    reasons: read,
    simulation: { ...seen, causes: seen.causes.map((cause) => ({ ...cause, text: nameCause(cause) })) },
  };
}

/** `policy_assessment.reasons` is written by assessPolicyChange only. */
export function readReasons(reasons: Prisma.JsonValue): UnsafeReason[] {
  return reasons as unknown as UnsafeReason[];
}

async function seeMxHosts(
  mxHosts: readonly MxHost[] | undefined,
  see: (mxHost: string) => Promise<SeenMxHost>,
): Promise<"unknown" | "none" | SeenMxHost[]> {
  if (!mxHosts) return "unknown";
  const hosts = [...new Set(mxHosts.map(({ mxHost }) => mxHost))].filter((mxHost) => mxHost !== ".");
  if (hosts.length === 0) return "none";
  return Promise.all(
    hosts.map(async (mxHost, index) => (index < MAX_PROBED ? see(mxHost) : untested(mxHost))),
  );
}

/** What is seen is kept for every domain that uses the host. */
async function seeMxHost(ctx: Context, mxHost: string, deps: AssessDeps): Promise<SeenMxHost> {
  const { seen, probe } = await lookAtMxHost(deps, mxHost);
  await keepMxProbe(ctx.db, seen, probe, ctx.now());
  return seen;
}

function untested(mxHost: string): SeenMxHost {
  const detail = `only the first ${MAX_PROBED} mail hosts are tested at once`;
  return {
    mxHost,
    state: "unknown",
    fault: null,
    detail,
    certificateNotAfter: null,
    dane: "none",
    addressesGood: 0,
    addressesAll: 0,
  };
}

async function loadKnown(ctx: Context, row: Domain, policy: Policy, mxHosts: readonly MxHost[]) {
  const { id: domainId, domain, publishedVersion } = row;
  const { accountId } = ctx;
  const key = { accountId, domainId };
  const host = ownerName("policyHost", domain);
  const to = new Date(Math.floor(ctx.now().getTime() / DAY_MS) * DAY_MS);
  const from = new Date(to.getTime() - REPORT_DAYS * DAY_MS);
  const [records, name, enforced, sightings, reports] = await Promise.all([
    ctx.db.setupRecord.findMany({ where: key }),
    ctx.db.certificateName.findUnique({ where: { accountId_host: { accountId, host } } }),
    ctx.db.policyVersion.findMany({
      where: { ...key, mode: "enforce", publishedAt: { not: null } },
      select: { version: true, maxAgeSeconds: true, mx: true },
    }),
    ctx.db.mxSighting.findMany({ where: { ...key, lastSeenAt: { gte: from } } }),
    loadTrusted(ctx, domainId, from),
  ]);
  const certificate = name?.currentCertificateId
    ? await ctx.db.certificate.findFirst({ where: { accountId, id: name.currentCertificateId } })
    : null;
  return {
    missingNames: records
      .filter(({ state }) => state === "missing" || state === "wrong")
      .map(({ kind }) => ownerName(kind, domain)),
    hostCertificateNotAfter: certificate?.notAfter ?? null,
    earlierMaxAgeSeconds: enforced.map(({ maxAgeSeconds }) => maxAgeSeconds),
    formerMx: findFormerMx(row, sightings, mxHosts, ctx.now()),
    enforcedMx: enforced.find(({ version }) => version === publishedVersion)?.mx ?? [],
    simulation: {
      from: dayOf(from),
      to: dayOf(to),
      ...simulatePolicy(reports ?? [], policy),
      unlistedMxHosts: listSeenMx(row, [...sightings, ...mxHosts.map(seenAt(ctx.now()))])
        .map(({ mxHost }) => mxHost)
        .filter((mxHost) => !allowsMxHost(policy.mx, mxHost)),
    },
    areReportsAway: reports === null,
  };
}

const seenAt =
  (lastSeenAt: Date) =>
  ({ mxHost }: MxHost) => ({ mxHost, lastSeenAt });

/**
 * Loads only reports that are signed for the organisation they name: a stranger must not influence what is enforced.
 * Null when only the database of the reports is away, so that policies can still be changed.
 */
async function loadTrusted({ db, reports, accountId }: Context, domainId: string, from: Date) {
  try {
    const rows = await reports.tlsReport.findMany({
      where: { accountId, domainId, trust: "aligned", reportDay: { gte: from } },
      select: { reporter: true, reportDay: true, policies: true },
      orderBy: { reportDay: "desc" },
      take: MAX_REPORTS,
    });
    return rows.map(({ reporter, reportDay, policies }) => ({
      reporter,
      reportDay: dayOf(reportDay),
      policies: storedPolicies(policies),
    }));
  } catch (error) {
    if (isOneDatabase(db) || !isDatabaseAway(error)) throw error;
    return null;
  }
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}

/** Compares without regard to key order, which jsonb in Postgres does not keep. */
function isSamePolicy(stored: Prisma.JsonValue, policy: Policy): boolean {
  const read = StoredPolicy.safeParse(stored).data;
  return (
    read !== undefined &&
    read.mode === policy.mode &&
    read.maxAgeSeconds === policy.maxAgeSeconds &&
    read.mx.join(" ") === policy.mx.join(" ")
  );
}

function toJson(value: unknown): Prisma.InputJsonValue {
  return JSON.parse(JSON.stringify(value)) as Prisma.InputJsonValue;
}
