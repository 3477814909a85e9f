import type { DomainSummaryView, MxState, ReportFigures } from "@waxseal/contract";
import type { z } from "zod";
import { describeDomainState } from "../domain-views/describe-domain-state.ts";
import { presentStoredHealth } from "../domain-views/present-health.ts";
import type { DomainFacts } from "../domains/load-domain-facts.ts";
import { readMxHosts } from "../domains/read-mx-hosts.ts";
import type { KnownMxHost } from "../judging/judge-domain.ts";
import { isGoodTestOld } from "../watching/next-mx-look.ts";

type Besides = {
  tags: string[];
  figures: z.infer<typeof ReportFigures> | null;
  /** What is known of MX hosts by name. */
  hosts: ReadonlyMap<string, KnownMxHost>;
  openAlerts: number;
  now: Date;
};

/** A domain as lists show it. */
export function presentDomainSummary(
  facts: DomainFacts,
  { tags, figures, hosts, openAlerts, now }: Besides,
): z.infer<typeof DomainSummaryView> {
  const { row, records, policy, certificate } = facts;
  const health = presentStoredHealth(row, policy?.mode ?? null);
  return {
    id: row.id,
    domain: row.domain,
    status: row.status,
    mode: policy?.mode ?? null,
    ...describeDomainState(facts, null, health),
    health,
    openAlerts,
    reports: figures,
    mxState: mxStateOf(facts, hosts, now),
    setupStates: {
      policyHost: records.policyHost.state,
      stsRecord: records.stsRecord.state,
      tlsRptRecord: records.tlsRptRecord.state,
    },
    tags,
    certificateNotAfter: certificate?.notAfter.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  };
}

/** The worst of a domain's mail hosts, as its page has it. */
export function mxStateOf(
  { row, policy, uncoveredMxHosts }: Pick<DomainFacts, "row" | "policy" | "uncoveredMxHosts">,
  hosts: ReadonlyMap<string, KnownMxHost>,
  now: Date,
): z.infer<typeof MxState> {
  const mode = policy?.mode ?? null;
  const states = readMxHosts(row).map(({ mxHost }) => {
    const host = hosts.get(mxHost);
    if (host?.certificateNotAfter && host.certificateNotAfter <= now) return "bad";
    const isOld = host?.state === "good" && isGoodTestOld(host.probedAt, mode, now);
    return isOld ? "unknown" : (host?.state ?? "unknown");
  });
  if (states.length === 0) return "none";
  if (uncoveredMxHosts.length > 0 && policy?.mode !== "none") return "uncovered";
  if (states.includes("bad")) return "bad";
  return states.includes("unknown") ? "unknown" : "good";
}
