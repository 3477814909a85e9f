import { type DomainView, UNSAFE_CODES } from "@waxseal/contract";
import type { Domain } from "@waxseal/db";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { cacheHorizonAt, findFirstPublishedAt } from "../domains/cache-horizon-at.ts";
import { loadDomainFacts } from "../domains/load-domain-facts.ts";
import type { HostingSettings } from "../hosting-settings.ts";
import { countsForHealth, healthOf } from "../judging/health-of.ts";
import { measureReadiness } from "../judging/measure-readiness.ts";
import { presentPolicyVersion } from "../policies/present-policy-version.ts";
import { reportAddresses } from "../setup-names.ts";
import { loadJudgements } from "../watching/load-judgements.ts";
import { describeDomainState } from "./describe-domain-state.ts";
import { listHealthChecks } from "./list-health-checks.ts";
import { type FirstEvents, listReadinessSteps } from "./list-readiness-steps.ts";
import { presentCertificate } from "./present-certificate.ts";
import { presentHealth } from "./present-health.ts";
import { presentMxHosts } from "./present-mx-hosts.ts";
import { presentSetupRecords } from "./present-setup-records.ts";

/** A domain of the context's account as it is shown: setup, policy, certificate, readiness and who has to act. */
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
  const judgement = (await loadJudgements(ctx, loaded, ctx.now())).get(row.id);
  if (!judgement) throw new Error("A domain was not judged");
  const mode = judgement.facts.mode;
  const health = presentHealth(healthOf(judgement.findings, judgement.facts), mode);
  const horizonAt = cacheHorizonAt(versions);
  const newest = versions[0];
  const published = versions.find(({ version }) => version === row.publishedVersion);
  const mx = presentMxHosts(row, newest);
  return {
    id: row.id,
    domain: row.domain,
    status: row.status,
    ...describeDomainState(facts, horizonAt, health),
    health,
    checks: listHealthChecks(facts, judgement.facts, judgement.findings, ctx.now()),
    enforceReadiness: measureReadiness(
      judgement.facts,
      !judgement.findings.some((finding) => countsForHealth(finding, judgement.facts)),
      ctx.now(),
    ),
    createdAt: row.createdAt.toISOString(),
    activeAt: row.activeAt?.toISOString() ?? null,
    leavingAt: row.leavingAt?.toISOString() ?? null,
    leftAt: row.leftAt?.toISOString() ?? null,
    checkedAt: row.checkedAt?.toISOString() ?? null,
    nextCheckAt: row.nextCheckAt?.toISOString() ?? null,
    setup: presentSetupRecords(row, facts.records, settings),
    dns: { zone: row.dnsZone, nameservers: row.nameservers },
    policy: newest ? presentPolicyVersion(newest, findFirstPublishedAt(versions)) : null,
    publishedPolicyId: published?.policyId ?? null,
    publishProblem: row.publishProblem,
    publishHold: UNSAFE_CODES.find((code) => code === row.publishHold) ?? null,
    certificate: facts.certificateName ? presentCertificate(facts.certificateName, facts.certificate) : null,
    readiness: listReadinessSteps(facts, firstEvents),
    mx: mx.items,
    mxCheckedAt: mx.checkedAt,
    cacheHorizonAt: horizonAt?.toISOString() ?? null,
    reportAddresses: reportAddresses(row.token, settings),
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
