import type { DomainView, SetupRecordView } from "@waxseal/contract";
import type { Domain } from "@waxseal/db";
import type { z } from "zod";
import type { Context } from "../context.ts";
import type { HostingSettings } from "../hosting-settings.ts";
import { cacheHorizonAt, findFirstPublishedAt } from "../policies/cache-horizon-at.ts";
import { presentPolicyVersion } from "../policies/present-policy-version.ts";
import { ownerName, RECORD_KINDS, type RecordKind, reportAddresses, targetName } from "../setup-names.ts";
import { describeDomainState } from "./describe-domain-state.ts";
import { type FirstEvents, listReadinessSteps } from "./list-readiness-steps.ts";
import { type DomainFacts, loadDomainFacts } from "./load-domain-facts.ts";
import { presentCertificate } from "./present-certificate.ts";
import { presentMxHosts } from "./present-mx-hosts.ts";

/** A domain of the context's account as it is shown: setup, policy, certificate, readiness and whose move it is. */
export async function presentDomain(
  ctx: Context,
  row: Domain,
  settings: HostingSettings,
): Promise<z.infer<typeof DomainView>> {
  const { accountId, db } = ctx;
  const key = { accountId, domainId: row.id };
  const [loaded, versions, firstEvents] = await Promise.all([
    loadDomainFacts(db, accountId, [row]),
    db.policyVersion.findMany({ where: key, orderBy: { version: "desc" }, take: 1_000 }),
    loadFirstEvents(ctx, row.id),
  ]);
  const [facts] = loaded;
  if (!facts) throw new Error("loadDomainFacts returned nothing");
  const horizonAt = cacheHorizonAt(versions);
  const newest = versions[0];
  const published = versions.find(({ version }) => version === row.publishedVersion);
  const mx = presentMxHosts(row, newest);
  return {
    id: row.id,
    domain: row.domain,
    status: row.status,
    ...describeDomainState(facts, horizonAt),
    createdAt: row.createdAt.toISOString(),
    activeAt: row.activeAt?.toISOString() ?? null,
    leavingAt: row.leavingAt?.toISOString() ?? null,
    leftAt: row.leftAt?.toISOString() ?? null,
    checkedAt: row.checkedAt?.toISOString() ?? null,
    nextCheckAt: row.nextCheckAt?.toISOString() ?? null,
    setup: RECORD_KINDS.map((kind) => presentSetupRecord(facts, kind, settings)),
    policy: newest ? presentPolicyVersion(newest, findFirstPublishedAt(versions)) : null,
    publishedPolicyId: published?.policyId ?? null,
    publishProblem: row.publishProblem,
    certificate: facts.certificateName ? presentCertificate(facts.certificateName, facts.certificate) : null,
    readiness: listReadinessSteps(facts, firstEvents),
    mx: mx.items,
    mxCheckedAt: mx.checkedAt,
    cacheHorizonAt: horizonAt?.toISOString() ?? null,
    reportAddresses: reportAddresses(row.token, settings),
  };
}

const PURPOSES: Record<RecordKind, string> = {
  policyHost: "Lets senders fetch your policy from us over HTTPS, and lets us get the certificate for it.",
  stsRecord: "Tells senders that you have a policy, and when it changes.",
  tlsRptRecord: "Asks senders to report to us how their deliveries to you went.",
};

function presentSetupRecord(
  { row, records }: DomainFacts,
  kind: RecordKind,
  settings: HostingSettings,
): z.infer<typeof SetupRecordView> {
  const { state, seen, checkedAt, correctSince } = records[kind];
  return {
    kind,
    type: "CNAME",
    name: ownerName(kind, row.domain),
    target: targetName(kind, row.token, settings.hostedZone),
    state,
    seen,
    purpose: PURPOSES[kind],
    checkedAt: checkedAt?.toISOString() ?? null,
    correctSince: correctSince?.toISOString() ?? null,
  };
}

const STEP_EVENTS = ["certificate.orderStarted", "certificate.issued", "policy.published"];

async function loadFirstEvents(ctx: Context, domainId: string): Promise<FirstEvents> {
  const firsts = await ctx.db.event.groupBy({
    by: ["kind"],
    where: { accountId: ctx.accountId, domainId, kind: { in: STEP_EVENTS } },
    _min: { at: true },
  });
  return new Map(firsts.flatMap(({ kind, _min }) => (_min.at ? [[kind, _min.at] as const] : [])));
}
