import {
  allowsMxHost,
  checkPolicy,
  explainMxHostProblem,
  findMxPatternProblem,
  formatPolicy,
  formatStsRecord,
  newPolicyId,
  normalizeMxPattern,
  type Policy,
} from "@waxseal/mta-sts";
import type { CheckCode } from "./check-finding.ts";
import type { DomainInspection } from "./inspect-domain.ts";

/** One TXT record to publish. `value` is as DNS forms take it, `line` as a zone file does. */
export type RecordToPublish = {
  readonly name: string;
  readonly value: string;
  readonly line: string;
  /** What it is for, in one sentence. */
  readonly reason: string;
};

/** What to publish to correct what a check found missing or wrong. */
export type ToPublish = {
  readonly records: readonly RecordToPublish[];
  readonly policy: { readonly url: string; readonly body: string; readonly reason: string } | undefined;
};

type Inspection = Pick<
  DomainInspection,
  "domain" | "checkedAt" | "record" | "policy" | "mx" | "tlsRpt" | "findings"
>;
type Has = (...codes: readonly CheckCode[]) => boolean;

const MIN_MAX_AGE_SECONDS = 86_400;
const USUAL_MAX_AGE_SECONDS = 604_800;

/**
 * The exact TXT lines, and the policy file, for what a check found missing or wrong. Empty when nothing is, when the domain takes no mail,
 * and where DNS or the policy host did not answer, since what is there is unknown then. A name that is a CNAME is published by the
 * operator of its target: nothing is proposed for it, nor a missing file for a policy whose record is such a CNAME.
 *
 * A new policy starts in mode testing and names the MX hosts as they are; what is right in an existing one stays. The file passes our own
 * checks.
 *
 * RFC 8461 §3.1, §3.2, RFC 8460 §3
 */
export function listRecordsToPublish(inspection: Inspection): ToPublish {
  const { findings } = inspection;
  const open = findings.filter(({ severity }) => severity === "error" || severity === "warning");
  const has: Has = (...codes) => open.some(({ code }) => codes.includes(code));
  const takesNoMail = findings.some(({ code }) => code === "mx-null" || code === "domain-missing");
  if (takesNoMail) return { records: [], policy: undefined };
  const policy = proposePolicy(inspection, has);
  return {
    records: [...proposeStsRecord(inspection, has, policy), ...proposeTlsRptRecord(inspection, has)],
    policy,
  };
}

function proposeStsRecord(
  { domain, record, checkedAt, policy: served }: Inspection,
  has: Has,
  policy: ToPublish["policy"],
): RecordToPublish[] {
  if (record.cnames.length > 0) return [];
  const isMissing = has("not-set-up", "record-missing", "record-misplaced", "policy-without-record");
  const isWrong = has("record-several", "record-misspelled", "record-bad-syntax", "record-advice");
  const needsNewId = policy !== undefined && record.text !== undefined;
  // Without a policy the record announces nothing.
  const hasPolicy = policy !== undefined || served.policy !== undefined;
  if (!isWrong && !needsNewId && !(hasPolicy && isMissing)) return [];
  const reason = isMissing
    ? "Tells senders that there is a policy. Publish it after the policy file."
    : "Replaces every other record at this name. The new id makes senders fetch the policy file again.";
  return [txt(`_mta-sts.${domain}`, formatStsRecord(newPolicyId(checkedAt, "0")), reason)];
}

function proposeTlsRptRecord({ domain, tlsRpt }: Inspection, has: Has): RecordToPublish[] {
  if (tlsRpt.cnames.length > 0) return [];
  if (!has("tls-rpt-missing", "tls-rpt-misplaced", "tls-rpt-bad", "tls-rpt-advice")) return [];
  const isKept = tlsRpt.rua.length > 0;
  const rua = isKept ? tlsRpt.rua.join(",") : `mailto:tls-reports@${domain}`;
  const reason = isKept
    ? "Tells senders where to send their TLS reports. It replaces every other record at this name."
    : "Tells senders where to send their TLS reports. Use an address that you read.";
  return [txt(`_smtp._tls.${domain}`, `v=TLSRPTv1; rua=${rua}`, reason)];
}

function proposePolicy(inspection: Inspection, has: Has): ToPublish["policy"] {
  const { domain, policy, record } = inspection;
  const isMissing = has("not-set-up", "policy-host-missing", "policy-status");
  if (isMissing ? record.cnames.length > 0 : policy.body === undefined) return undefined;
  const proposed = draft(inspection);
  const isBad = checkPolicy(proposed).some(({ severity }) => severity === "error");
  if (isBad || (isMissing && has("mx-dns-failed"))) return undefined;
  const body = formatPolicy(proposed);
  if (!isMissing && policy.policy !== undefined && formatPolicy(policy.policy) === body) return undefined;
  const reason = isMissing
    ? `Serve this file as text/plain, without a redirect. mta-sts.${domain} needs an A, AAAA or CNAME record to your web server and a trusted certificate for that name.`
    : "Replaces the file that is served now.";
  return { url: `https://mta-sts.${domain}/.well-known/mta-sts.txt`, body, reason };
}

/** What can be read of the served policy, with every MX host that it lacks. */
function draft({ mx, policy: { policy, read }, findings }: Inspection): Policy {
  const isUsable = (pattern: string) => findMxPatternProblem(pattern) === undefined;
  const kept = (policy?.mx ?? read?.mx ?? []).map(normalizeMxPattern).filter(isUsable);
  const mode = policy?.mode ?? read?.mode ?? "testing";
  const hosts = mx.map(({ mxHost }) => mxHost).filter((mxHost) => explainMxHostProblem(mxHost) === undefined);
  // Of very many MX hosts only some are known, so a file made of them would leave hosts out.
  const isWhole = !findings.some(({ code }) => code === "mx-many");
  const added = isWhole && mode !== "none" ? hosts.filter((mxHost) => !allowsMxHost(kept, mxHost)) : [];
  const age = policy?.maxAgeSeconds ?? read?.maxAgeSeconds ?? USUAL_MAX_AGE_SECONDS;
  const isTooShort = mode !== "none" && age < MIN_MAX_AGE_SECONDS;
  return {
    mode,
    mx: [...new Set([...kept, ...added])],
    maxAgeSeconds: isTooShort ? USUAL_MAX_AGE_SECONDS : age,
  };
}

const LONG_TEXT = /.{1,255}/g;

/** RFC 1035 §3.3.14, §5.1 */
function txt(name: string, value: string, reason: string): RecordToPublish {
  const strings = value.match(LONG_TEXT) ?? [];
  const quoted = strings.map((text) => `"${text.replace(/["\\]/g, "\\$&")}"`);
  return { name, value, line: `${name}. IN TXT ${quoted.join(" ")}`, reason };
}
