import { getDomain } from "tldts";
import { fetchPolicyEverywhere, probeMxEverywhere } from "./check-every-address.ts";
import type { CheckFinding } from "./check-finding.ts";
import { findingOf } from "./check-finding.ts";
import { orTimeout } from "./connect-to-host.ts";
import type { AddressGuard } from "./create-address-guard.ts";
import type { Resolver } from "./create-resolver.ts";
import type { DnsAnswer } from "./dns-answer.ts";
import { findMisplacedRecords } from "./find-misplaced-records.ts";
import { type CheckedMx, findUnusedPatterns, judgeMxHost, judgeMxRecords } from "./judge-mx.ts";
import { type CheckedPolicy, judgePolicy } from "./judge-policy.ts";
import { type CheckedRecord, judgeStsRecord, judgeTlsRptRecord } from "./judge-record.ts";

/** All that can be found out about a domain's MTA-STS, TLS-RPT and MX hosts from outside. */
export type DomainInspection = {
  readonly domain: string;
  readonly checkedAt: Date;
  readonly durationMs: number;
  readonly record: CheckedRecord & { readonly id: string | undefined };
  readonly policy: CheckedPolicy;
  /** Most preferred first. */
  readonly mx: readonly CheckedMx[];
  readonly tlsRpt: CheckedRecord & { readonly rua: readonly string[] };
  /** In the order record, policy, certificate, MX, TLS-RPT. */
  readonly findings: readonly CheckFinding[];
};

export type InspectDomainOptions = {
  /** Lower-case A-labels without trailing dot. */
  readonly domain: string;
  readonly resolver: Resolver;
  readonly guard: AddressGuard;
  /** Said in EHLO to MX hosts. */
  readonly heloName: string;
  readonly now: () => Date;
  /** 443 unless given. */
  readonly httpsPort?: number | undefined;
  /** 25 unless given. */
  readonly smtpPort?: number | undefined;
  /** Trusted besides the usual roots. */
  readonly caPem?: string | undefined;
  /** For everything together; 20 s unless given. */
  readonly timeoutMs?: number | undefined;
};

/**
 * Checks a domain from outside as senders see it: record, policy, certificate, each MX host, reporting record.
 *
 * Everything runs at once and ends at `timeoutMs`; what had no answer by then is a finding. At most ten MX hosts are
 * connected to, and of each host at most eight addresses. Never throws.
 *
 * RFC 8461 §3, RFC 8460 §3
 */
export async function inspectDomain(options: InspectDomainOptions): Promise<DomainInspection> {
  const { domain, resolver, guard, caPem, now, httpsPort } = options;
  const checkedAt = now();
  const startedAt = performance.now();
  const timeoutMs = options.timeoutMs ?? 20_000;
  const deadline = AbortSignal.timeout(timeoutMs);
  const inTime = <T>(answer: Promise<DnsAnswer<T>>) => orDnsTimeout(answer, deadline);
  const recordName = `_mta-sts.${domain}`;
  const tlsRptName = `_smtp._tls.${domain}`;

  const [recordAnswer, tlsRptAnswer, served, probed] = await Promise.all([
    inTime(resolver.resolveTxt(recordName)),
    inTime(resolver.resolveTxt(tlsRptName)),
    fetchPolicyEverywhere({ domain, resolver, guard, caPem, httpsPort, timeoutMs }),
    probeMxHosts(options, timeoutMs / 2, inTime),
  ]);
  const record = judgeStsRecord(recordName, recordAnswer);
  const policy = judgePolicy(served, checkedAt, served.every);
  const tlsRpt = judgeTlsRptRecord(tlsRptName, tlsRptAnswer);
  const { read } = policy.policy;
  const mx = probed.hosts.map(({ host, tlsa, ...probes }) => judgeMxHost(host, probes, tlsa, read));
  const isMissing = record.findings.some(({ code }) => code === "record-missing");
  const takesNoMail = probed.findings.some(({ code }) => code === "mx-null");
  const hasStrayPolicy = isMissing && policy.policy.policy !== undefined;
  const unused = probed.isKnown
    ? findUnusedPatterns(
        read,
        probed.hosts.map(({ host }) => host),
      )
    : [];
  const lacksTlsRpt = tlsRpt.findings.some(({ code }) => code === "tls-rpt-missing");
  const misplaced = await findMisplacedRecords(
    domain,
    { sts: isMissing, tlsRpt: lacksTlsRpt },
    resolver,
    inTime,
  );
  const has = (code: CheckFinding["code"]) => misplaced.some((finding) => finding.code === code);
  const hasNoHost = policy.findings.some(({ code }) => code === "policy-host-missing");
  const isNotSetUp = isMissing && hasNoHost && !has("record-misplaced");
  const notSetUp = isNotSetUp
    ? [
        findingOf(
          "not-set-up",
          `MTA-STS is not set up: there is neither ${recordName} nor mta-sts.${domain}.`,
        ),
      ]
    : [];
  const isReplaced = ({ code }: CheckFinding) =>
    (isNotSetUp && (code === "record-missing" || code === "policy-host-missing")) ||
    (has("record-misplaced") && code === "record-missing") ||
    (has("tls-rpt-misplaced") && code === "tls-rpt-missing");
  return {
    domain,
    checkedAt,
    durationMs: Math.round(performance.now() - startedAt),
    record: record.record,
    policy: policy.policy,
    mx: mx.map((judged) => judged.mx),
    tlsRpt: tlsRpt.record,
    findings: [
      ...notSetUp.map(orNoteIf(takesNoMail)),
      ...misplaced,
      ...record.findings.map(orNoteIf(takesNoMail)),
      ...(hasStrayPolicy
        ? [findingOf("policy-without-record", `A policy is served, but ${recordName} is missing.`)]
        : []),
      ...(isMissing ? await lookAtParent(domain, resolver, inTime) : []),
      ...policy.findings.map(orNoteIf(takesNoMail)),
      ...unused,
      ...probed.findings,
      ...mx.flatMap(({ findings }) => findings),
      ...tlsRpt.findings.map(orNoteIf(takesNoMail)),
    ].filter((finding) => !isReplaced(finding)),
  };
}

type InTime = <T>(answer: Promise<DnsAnswer<T>>) => Promise<DnsAnswer<T>>;

async function probeMxHosts(options: InspectDomainOptions, timeoutMs: number, inTime: InTime) {
  const { domain, resolver, guard, heloName, caPem, smtpPort: port } = options;
  const answer = await inTime(resolver.resolveMx(domain));
  const { hosts, findings } = judgeMxRecords(domain, answer);
  const probed = hosts.map(async (host) => {
    const { mxHost } = host;
    const [probe, tlsa, alias] = await Promise.all([
      probeMxEverywhere({ mxHost, resolver, guard, heloName, port, caPem, timeoutMs }),
      inTime(resolver.resolveTlsa(`_25._tcp.${mxHost}`)),
      inTime(resolver.resolveCname(mxHost)),
    ]);
    return { host, probe, every: probe.every, tlsa, alias: "found" in alias ? alias.found[0] : undefined };
  });
  const isKnown = "found" in answer || answer.missing === "no-record";
  return { hosts: await Promise.all(probed), findings, isKnown };
}

// A domain without mail needs none of these, so their absence is no fault.
function orNoteIf(takesNoMail: boolean): (finding: CheckFinding) => CheckFinding {
  const absences = new Set<CheckFinding["code"]>([
    "not-set-up",
    "record-missing",
    "policy-host-missing",
    "tls-rpt-missing",
  ]);
  return (finding) =>
    takesNoMail && absences.has(finding.code) ? { ...finding, severity: "note" } : finding;
}

async function lookAtParent(domain: string, resolver: Resolver, inTime: InTime): Promise<CheckFinding[]> {
  const parent = getDomain(domain);
  if (parent === null || parent === domain) return [];
  const answer = await inTime(resolver.resolveTxt(`_mta-sts.${parent}`));
  const hasRecord = judgeStsRecord(parent, answer).record.id !== undefined;
  return hasRecord ? [findingOf("record-at-parent-only", `${parent} has MTA-STS, ${domain} does not.`)] : [];
}

async function orDnsTimeout<T>(answer: Promise<DnsAnswer<T>>, deadline: AbortSignal): Promise<DnsAnswer<T>> {
  const result = await orTimeout(answer, deadline);
  return result === "timeout" ? { missing: "timeout", cnames: [], detail: "DNS took too long" } : result;
}
