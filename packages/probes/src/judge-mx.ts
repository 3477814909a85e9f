import { formatDay } from "@waxseal/contract/format-instant";
import { allowsMxHost, explainMxHostProblem, type LenientPolicy } from "@waxseal/mta-sts";
import { describeAddresses, type EveryAddress } from "./check-every-address.ts";
import { type CHECKS, type CheckFinding, type CheckSeverity, findingOf } from "./check-finding.ts";
import type { CertificateFault } from "./describe-certificate.ts";
import type { DnsAnswer, MxRecord, TlsaRecord } from "./dns-answer.ts";
import { isUsableTlsa, matchesTlsa } from "./match-tlsa.ts";
import type { MxProbe, MxProbeFailure } from "./probe-mx-host.ts";

/** One MX host of a domain and what it does. */
export type CheckedMx = {
  readonly mxHost: string;
  readonly preference: number;
  /** Whether the policy allows it; `undefined` without a readable policy. */
  readonly isCovered: boolean | undefined;
  /** Whether signed TLSA records were seen (DANE). */
  readonly hasDane: boolean;
  /** `undefined` when it was not asked. */
  readonly probe: MxProbe | undefined;
};

/** The MX hosts to ask, most preferred first; the domain itself when it has no MX; none for a null MX. */
export type MxHosts = { readonly hosts: readonly MxRecord[]; readonly findings: CheckFinding[] };

/** The most MX hosts that one check connects to. */
const MAX_MX_PROBED = 10;

const PROBE_CODES = {
  "no-domain": "mx-host-missing",
  "no-address": "mx-host-missing",
  "dns-failed": "mx-dns-failed",
  "address-refused": "mx-address-refused",
  "connection-failed": "mx-unreachable",
  timeout: "mx-unreachable",
  "tls-failed": "mx-tls-failed",
  "tls-version-too-old": "mx-tls-too-old",
  "smtp-refused": "mx-smtp-failed",
  "smtp-failed": "mx-smtp-failed",
  "starttls-not-offered": "mx-no-starttls",
  "starttls-refused": "mx-tls-failed",
} as const satisfies Record<MxProbeFailure, keyof typeof CHECKS>;

const FAULT_CODES = {
  "certificate-expired": "mx-certificate-expired",
  "certificate-not-yet-valid": "mx-certificate-not-yet-valid",
  "certificate-host-mismatch": "mx-certificate-host-mismatch",
  "certificate-not-trusted": "mx-certificate-not-trusted",
} as const satisfies Record<CertificateFault, keyof typeof CHECKS>;

/** Which hosts take a domain's mail. RFC 5321 §5.1, RFC 7505 §3 */
export function judgeMxRecords(domain: string, answer: DnsAnswer<MxRecord>): MxHosts {
  if ("missing" in answer) {
    if (answer.missing === "no-domain") {
      return { hosts: [], findings: [findingOf("domain-missing", `${domain} does not exist.`)] };
    }
    if (answer.missing !== "no-record")
      return { hosts: [], findings: [findingOf("mx-dns-failed", answer.detail)] };
    const finding = findingOf("mx-implicit", `${domain} has no MX record, so it is its own mail host.`);
    return { hosts: [{ preference: 0, mxHost: domain }], findings: [finding] };
  }
  const hosts = [...new Map(answer.found.map((record) => [record.mxHost, record])).values()];
  if (hosts.every(({ mxHost }) => mxHost === ".")) {
    return { hosts: [], findings: [findingOf("mx-null", `${domain} says that it takes no mail.`)] };
  }
  const findings: CheckFinding[] = [];
  if (hosts.length > MAX_MX_PROBED) {
    findings.push(findingOf("mx-many", `${hosts.length} MX hosts; the first ${MAX_MX_PROBED} were asked.`));
  }
  if (answer.isAuthenticated) findings.push(findingOf("mx-signed", "The MX records are signed with DNSSEC."));
  return { hosts: hosts.filter(({ mxHost }) => mxHost !== ".").slice(0, MAX_MX_PROBED), findings };
}

/** Judges one MX host alone and against the policy; what enforcing senders refuse is a warning in other modes. */
export function judgeMxHost(
  { mxHost, preference }: MxRecord,
  { probe, every, alias }: { probe: MxProbe; every: EveryAddress; alias: string | undefined },
  tlsa: DnsAnswer<TlsaRecord>,
  policy: LenientPolicy | undefined,
): { mx: CheckedMx; findings: CheckFinding[] } {
  const isCovered = policy && allowsMxHost(policy.mx, mxHost);
  const hasDane = "found" in tlsa && tlsa.isAuthenticated;
  const severity = policy?.mode === "enforce" ? "error" : "warning";
  const unusable = explainMxHostProblem(mxHost);
  const findings = unusable
    ? [findingOf("mx-name-unusable", unusable.problem, { severity, mxHost, fix: unusable.fix })]
    : [judgeProbe(mxHost, probe, severity), ...judgeEveryAddress(mxHost, every, severity)];
  if (!unusable && isCovered === false && policy?.mode !== "none") {
    findings.push(findingOf("mx-not-covered", `The policy does not allow ${mxHost}.`, { severity, mxHost }));
  }
  if (alias !== undefined) {
    const message = `${mxHost} is an alias (CNAME) of ${alias}; an MX record must name the host itself.`;
    findings.push(findingOf("mx-is-alias", message, { mxHost }));
  }
  findings.push(...judgeDane(mxHost, probe, tlsa));
  return { mx: { mxHost, preference, isCovered, hasDane, probe }, findings };
}

/** Patterns of the policy that no MX host matches. RFC 8461 §4.1 */
export function findUnusedPatterns(
  policy: LenientPolicy | undefined,
  hosts: readonly MxRecord[],
): CheckFinding[] {
  const unused = (policy?.mx ?? []).filter(
    (pattern) => !hosts.some(({ mxHost }) => allowsMxHost([pattern], mxHost)),
  );
  return unused
    .slice(0, MAX_MX_PROBED)
    .map((pattern) => findingOf("mx-pattern-unused", `No MX host matches ${pattern}.`));
}

/** Signed TLSA records against the certificate just seen; without one there is nothing to compare. RFC 7672 §3.1 */
function judgeDane(mxHost: string, probe: MxProbe, tlsa: DnsAnswer<TlsaRecord>): CheckFinding[] {
  if (!("found" in tlsa) || !tlsa.isAuthenticated) return [];
  const say = (code: keyof typeof CHECKS, message: string) => [
    findingOf(code, `${mxHost}: ${message}`, { mxHost }),
  ];
  const usable = tlsa.found.filter(isUsableTlsa);
  if (usable.length === 0) return say("mx-dane-unusable", "none of its TLSA records can be used for SMTP.");
  const chain = "found" in probe ? probe.found.certificate?.derChain : undefined;
  if (!chain)
    return say("mx-dane", "it has TLSA records (DANE), but we saw no certificate to compare them with.");
  if (usable.some((record) => matchesTlsa(record, chain))) {
    return say(
      "mx-dane",
      "its TLSA records (DANE) match its certificate. Senders that know both obey DANE first.",
    );
  }
  return say(
    "mx-dane-mismatch",
    "no TLSA record (DANE) matches its certificate. Senders that use DANE do not deliver.",
  );
}

function judgeEveryAddress(
  mxHost: string,
  { addresses, otherKey }: EveryAddress,
  severity: CheckSeverity,
): CheckFinding[] {
  const findings: CheckFinding[] = [];
  const differences = describeAddresses(addresses);
  if (differences) findings.push(findingOf("mx-addresses-differ", `${mxHost}: ${differences}.`, { mxHost }));
  if (otherKey) {
    const message = `${mxHost}: its ${otherKey.keyType} certificate is bad. ${otherKey.detail}.`;
    findings.push(findingOf("mx-other-certificate-bad", message, { mxHost, severity }));
  }
  return findings;
}

function judgeProbe(mxHost: string, probe: MxProbe, severity: CheckSeverity): CheckFinding {
  if ("missing" in probe) {
    const code = PROBE_CODES[probe.missing];
    const isFromHere = code === "mx-unreachable" || code === "mx-smtp-failed";
    return findingOf(code, `${mxHost}: ${probe.detail}.`, isFromHere ? { mxHost } : { mxHost, severity });
  }
  const { fault, tlsVersion, certificate } = probe.found;
  if (fault) return findingOf(FAULT_CODES[fault.fault], `${mxHost}: ${fault.detail}.`, { mxHost, severity });
  const until = certificate ? formatDay(certificate.notAfter) : "an unknown day";
  return findingOf("mx-ok", `${mxHost} offers ${tlsVersion} with a good certificate until ${until}.`, {
    mxHost,
  });
}
