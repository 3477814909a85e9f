import { formatDay, formatInstant } from "@waxseal/contract/format-instant";
import { explainMxHostProblem } from "@waxseal/mta-sts";
import { nameCause } from "./continuing-refusals.ts";
import { WATCHED_SENTENCES } from "./describe-watched.ts";
import type { Finding, JudgedFacts } from "./judge-domain.ts";
import type { MxFault } from "./seen-mx-host.ts";

/** A finding in a sentence for the owner, made from its evidence. */
export function describeFinding(
  { code, subject, evidence }: Pick<Finding, "code" | "subject" | "evidence">,
  mode: JudgedFacts["mode"],
): string {
  const { mxHost = subject, notAfter, detail = "" } = evidence;
  const isEnforced = mode === "enforce";
  switch (code) {
    case "failures.up":
      return describeFailures(evidence, isEnforced);
    case "mx.badTls":
      return `${describeFault(mxHost, evidence.fault ?? null)} ${effectOf(isEnforced)}${evidence.hasOthers ? " Other mail hosts take the mail meanwhile." : ""}`;
    case "mx.uncovered":
      return describeUncovered(mxHost, isEnforced);
    case "mx.expiring":
      if (evidence.isExpired)
        return `The certificate of ${mxHost} expired on ${formatInstant(notAfter ?? new Date(0))}. Renew it now.`;
      return `The certificate of ${mxHost} expires on ${formatInstant(notAfter ?? new Date(0))}. Renew it before then.`;
    case "dane.broken":
      return `The certificate of ${mxHost} does not match its DANE record (TLSA). Senders that check DANE do not deliver to it.`;
    case "reports.silent":
      return `No report has come for any day since ${formatDay(evidence.lastReportDay ?? new Date(0))}. Until reports come again, nothing shows whether mail arrives encrypted.`;
    case "cname.wrong":
      return `Action needed: correct the CNAME of ${subject}.`;
    case "cname.missing":
      return `Action needed: publish the CNAME at ${subject} again.`;
    case "host.certificate":
      if (notAfter && evidence.isExpired)
        return `The certificate of ${subject} expired on ${formatInstant(notAfter)}, so senders cannot fetch the policy. ${detail}`.trim();
      return notAfter
        ? `The certificate could not be renewed; the current one expires on ${formatInstant(notAfter)}. ${detail}`.trim()
        : `No certificate for ${subject} yet. ${detail}`.trim();
    case "publish.stuck":
      return `The newest policy could not be published yet. ${detail}`.trim();
    default:
      return WATCHED_SENTENCES[code]({ subject, evidence, isEnforced });
  }
}

/** What an MX host that the policy does not allow means. */
function describeUncovered(mxHost: string, isEnforced: boolean): string {
  const effect = isEnforced ? "senders will not deliver to it" : "senders report it as a failure";
  const unusable = explainMxHostProblem(mxHost);
  return unusable
    ? `${unusable.problem} ${unusable.fix} Until then ${effect}.`
    : `${mxHost} receives mail for this domain but is not in the policy; ${effect}. Add it to the policy.`;
}

function describeFailures(
  { cause, sessions = 0, refusedSessions = 0 }: Finding["evidence"],
  isEnforced: boolean,
): string {
  const count = (number: number) => number.toLocaleString("en-US");
  const share = `${((refusedSessions / Math.max(1, sessions)) * 100).toFixed(1)}%`;
  const [verb, all] = isEnforced
    ? ["Mail is being refused", "failed"]
    : ["Mail fails encryption checks", "failed; senders deliver it while the policy is not enforced"];
  const what = cause ? `: ${nameCause(cause)}, last seen on ${formatDay(cause.lastDay)}` : "";
  return `${verb}${what}. ${count(refusedSessions)} of ${count(sessions)} connections (${share}) in 14 days ${all}.`;
}

const FAULTS: Record<MxFault, string> = {
  "no-starttls": "offers no encryption (STARTTLS).",
  "certificate-expired": "has an expired certificate.",
  "certificate-host-mismatch": "has a certificate for another name.",
  "certificate-not-trusted": "has a certificate that senders do not trust.",
  "tls-too-old": "offers only TLS versions that are too old.",
};

function describeFault(mxHost: string, fault: MxFault | null): string {
  return `${mxHost} ${fault ? FAULTS[fault] : "fails the encryption check."}`;
}

function effectOf(isEnforced: boolean): string {
  return isEnforced
    ? "Mail servers that enforce your policy do not deliver to it."
    : "Mail is still delivered, but would be refused if you enforced the policy.";
}
