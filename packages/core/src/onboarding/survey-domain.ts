import type { DomainSurveyView } from "@waxseal/contract";
import {
  checkPolicy,
  isPolicyMode,
  type PolicyDraft,
  type PolicyFinding,
  readPolicyLeniently,
} from "@waxseal/mta-sts";
import { type CnameLookUp, type DnsAnswer, lookUpCname, type Resolver } from "@waxseal/probes";
import { findTlsRptRecord } from "@waxseal/tls-rpt";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { explainMxPattern } from "../domains/explain-mx-pattern.ts";
import { getDomain } from "../domains/get-domain.ts";
import { readMxHosts } from "../domains/read-mx-hosts.ts";
import type { HostingSettings } from "../hosting-settings.ts";
import type { FetchServedPolicy } from "../policies/get-served-policy.ts";
import { findMisdirection, ownerName, RECORD_KINDS, type RecordKind, targetName } from "../setup-names.ts";
import { describeSurvey } from "./describe-survey.ts";

type View = z.infer<typeof DomainSurveyView>;
type State = View["mtaSts"]["state"];
type Found = { ours: boolean; isMisdirected: boolean; look: CnameLookUp; texts: string[]; isSilent: boolean };

/** What a survey asks with. */
export type SurveyDeps = {
  resolver: Resolver;
  settings: Pick<HostingSettings, "hostedZone">;
  fetchServedPolicy: FetchServedPolicy;
};

/**
 * What is in a domain's DNS today for MTA-STS and TLS-RPT, whose it is, and what our CNAMEs will change. Nothing is
 * stored.
 *
 * @throws AppError `not_found` – no such domain in this account
 */
export async function surveyDomain(
  ctx: Context,
  input: { domainId: string },
  deps: SurveyDeps,
): Promise<View> {
  const row = await getDomain(ctx.db, ctx.accountId, input.domainId);
  const { domain } = row;
  const [newest, host, sts, rpt] = await Promise.all([
    ctx.db.policyVersion.findFirst({
      where: { accountId: ctx.accountId, domainId: row.id },
      orderBy: { version: "desc" },
    }),
    look(deps, row, "policyHost"),
    look(deps, row, "stsRecord"),
    look(deps, row, "tlsRptRecord"),
  ]);
  const { faults, ...served } =
    host.ours || host.isMisdirected || !isThere(host) ? NOTHING_SERVED : await fetchElsewhere(deps, domain);
  const mtaSts = { ...stsOf(sts, host, served.policy !== null), ...served };
  const tlsRpt = rptOf(rpt);
  const mxHosts = readMxHosts(row).map(({ mxHost }) => mxHost);
  const draft = newest && isPolicyMode(newest.mode) ? newest : undefined;
  const found = [host, sts, rpt];
  const occupied = RECORD_KINDS.filter((_, place) => isOccupied(found[place])).map((kind) =>
    ownerName(kind, domain),
  );
  return {
    lookedAt: ctx.now().toISOString(),
    mtaSts,
    tlsRpt,
    changes: describeSurvey({
      domain,
      mtaSts: mtaSts.state,
      tlsRpt: tlsRpt.state,
      hostTarget: mtaSts.hostTarget,
      policy: mtaSts.policy,
      faults,
      problem: mtaSts.problem,
      rua: tlsRpt.rua,
      misdirected: RECORD_KINDS.filter((_, place) => found[place]?.isMisdirected).map((kind) =>
        ownerName(kind, domain),
      ),
      occupied,
      mxHosts,
      draft,
    }),
    patterns: (newest?.mx ?? []).map((pattern) => ({
      pattern,
      why: explainMxPattern(pattern, domain, mxHosts),
    })),
  };
}

async function look(
  { resolver, settings }: SurveyDeps,
  { domain, token }: { domain: string; token: string },
  kind: RecordKind,
): Promise<Found> {
  const name = ownerName(kind, domain);
  const [cname, txt] = await Promise.all([
    lookUpCname(resolver, name),
    kind === "policyHost" ? undefined : resolver.resolveTxt(name),
  ]);
  const { hostedZone } = settings;
  const ours = targetName(kind, token, hostedZone);
  const isOurs = "found" in cname && (cname.found === ours || passesBy(txt, ours));
  return {
    ours: isOurs,
    isMisdirected:
      !isOurs && "found" in cname && findMisdirection(cname.found, { kind, token, hostedZone }) !== undefined,
    look: cname,
    texts: txt && "found" in txt ? txt.found.map((strings) => strings.join("")) : [],
    isSilent: "missing" in cname && cname.missing !== "no-domain" && cname.missing !== "no-record",
  };
}

function passesBy(txt: DnsAnswer<readonly string[]> | undefined, ours: string): boolean {
  return txt?.cnames.includes(ours) ?? false;
}

/** An address of the policy host is not evidence: it may come from a wildcard. */
function stsOf(
  sts: Found,
  host: Found,
  isServed: boolean,
): Pick<View["mtaSts"], "state" | "record" | "recordTarget" | "hostTarget"> {
  const record = sts.texts.find((text) => /^v=STSv1\b/i.test(text)) ?? null;
  return {
    state: stateOf(
      sts.ours || host.ours,
      record !== null || targetOf(sts) !== null || isServed,
      sts.isSilent || host.isSilent,
    ),
    record,
    recordTarget: targetOf(sts),
    hostTarget: targetOf(host),
  };
}

function rptOf(rpt: Found): View["tlsRpt"] {
  const found = findTlsRptRecord(rpt.texts.map((text) => [text]));
  const record = rpt.texts.find((text) => /^v=TLSRPTv1\b/i.test(text)) ?? null;
  return {
    state: stateOf(rpt.ours, record !== null || targetOf(rpt) !== null, rpt.isSilent),
    record,
    target: targetOf(rpt),
    rua: found.ok ? [...found.rua] : [],
  };
}

function stateOf(isHere: boolean, isElsewhere: boolean, isSilent: boolean): State {
  if (isHere) return "here";
  if (isElsewhere) return "elsewhere";
  return isSilent ? "unknown" : "none";
}

function isThere({ look: cname }: Found): boolean {
  return "found" in cname || cname.seen.some(({ type }) => type !== "TXT");
}

function isOccupied(found: Found | undefined): boolean {
  return found !== undefined && "missing" in found.look && found.look.seen.length > 0;
}

function targetOf({ look: cname }: Found): string | null {
  return "found" in cname ? cname.found : null;
}

type Served = Pick<View["mtaSts"], "policy" | "problem"> & { faults: readonly string[] };

const NOTHING_SERVED: Served = { policy: null, problem: null, faults: [] };

async function fetchElsewhere({ fetchServedPolicy }: SurveyDeps, domain: string): Promise<Served> {
  const { fetched } = await fetchServedPolicy(domain);
  if ("missing" in fetched) return { ...NOTHING_SERVED, problem: fetched.detail };
  const { body } = fetched.found;
  const { policy, findings } = readPolicyLeniently(body);
  const drafted = {
    mode: policy.mode ?? "",
    mx: policy.mx,
    maxAgeSeconds: policy.maxAgeSeconds ?? Number.NaN,
  };
  return {
    problem: null,
    faults: listFaults(findings, drafted),
    policy: {
      body,
      mode: policy.mode ?? null,
      mx: [...policy.mx],
      maxAgeSeconds: policy.maxAgeSeconds ?? null,
    },
  };
}

/** Why the policy served elsewhere must not be published here as it is, a sentence each; none when it may. */
function listFaults(findings: readonly PolicyFinding[], draft: PolicyDraft): string[] {
  const inLines = findings.filter(({ severity }) => severity === "error");
  if (inLines.length > 0) return inLines.slice(0, 5).map(({ line, message }) => `Line ${line}: ${message}`);
  return checkPolicy(draft)
    .filter(({ severity }) => severity === "error")
    .slice(0, 5)
    .map(({ index, problem }) => (index === undefined ? problem : `${draft.mx[index]}: ${problem}`));
}
