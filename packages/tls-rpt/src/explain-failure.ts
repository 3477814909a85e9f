import { explainResultType, type FixOwner } from "./result-types.ts";

/**
 * What failed, as exactly as result type and reason code say. `cause` is a result type, or one of our own words where the reason
 * code says more: `policy-mx-mismatch`, `certificate-not-yet-valid`, `certificate-revoked`, `certificate-self-signed`,
 * `tls-handshake`, `starttls-refused`, `tlsa-mismatch`, `sts-policy-http-status`, `sts-policy-unreachable`, `sts-policy-dns`.
 *
 * RFC 8460 §4.3, RFC 8460 §4.4
 */
export type FailureExplanation = {
  cause: string;
  title: string;
  meaning: string;
  usualOwner: FixOwner;
  nextStep: string;
};

/** Reason codes that repeat the result type. */
const SAYS_NOTHING = /^(?:|validation[_ -]?failure|failure|unknown|other|error|none|null|n\/a)$/i;

type Reason = { pattern: RegExp; cause: string; only?: RegExp };

const FETCH = /^sts-/;
const TLS = /^(?!sts-)/;

/** Words of reason codes and what they mean, the most exact first. Where each comes from is in the README. */
const REASONS: readonly Reason[] = [
  {
    pattern:
      /mx[_ -]?hosts?[_ -]?mismatch|mx[_ -]?mismatch|mx hosts? of .* failed mta-sts|not (?:in|listed in|authorized by|covered by|permitted by|allowed by) (?:the )?(?:mx list|mta-sts|sts|policy)/i,
    cause: "policy-mx-mismatch",
  },
  {
    pattern: /(?:https?|status|response)[ _a-z-]*(?:code)?[ :=_-]*\b[345]\d\d\b/i,
    cause: "sts-policy-http-status",
    only: FETCH,
  },
  {
    pattern: /nxdomain|no such host|servfail|dns|name (?:or service )?not known|could ?n.t resolve/i,
    cause: "sts-policy-dns",
    only: FETCH,
  },
  {
    pattern: /time[d -]?out|refused|unreachable|reset|connect/i,
    cause: "sts-policy-unreachable",
    only: FETCH,
  },
  {
    pattern: /smtp-starttls-reply-code-\d+|starttls (?:refused|failed|rejected)|454 |tls not available/i,
    cause: "starttls-refused",
    only: TLS,
  },
  { pattern: /expired|cert_e_expired|nottimevalid/i, cause: "certificate-expired" },
  { pattern: /not[_ -]?yet[_ -]?valid/i, cause: "certificate-not-yet-valid" },
  { pattern: /revoked/i, cause: "certificate-revoked" },
  { pattern: /self[_ -]?signed/i, cause: "certificate-self-signed" },
  {
    pattern:
      /hostname[_ -]?mismatch|host[_ -]?mismatch|name[_ -]?mismatch|subject[_ -]?mismatch|cn_no_match|not valid for|name does not match|no alternative certificate subject/i,
    cause: "certificate-host-mismatch",
  },
  {
    pattern:
      /issuer|unknown[_ -]?authority|unknown[_ -]?ca\b|untrusted|not[_ -]?trusted|partial[_ -]?chain|unable[_ -]?to[_ -]?verify|cert_chain_too_long|path_length|cert_e_chaining|untrustedroot/i,
    cause: "certificate-not-trusted",
  },
  { pattern: /dane-no-match|tlsa|no matching dane/i, cause: "tlsa-mismatch", only: TLS },
  { pattern: /bogus|rrsig|dnssec/i, cause: "dnssec-invalid" },
  {
    pattern:
      /tls-remote-|handshake|alert|protocol[_ -]?version|cipher|unsupported[_ -]?protocol|wrong version number|sslv3|tlsv1/i,
    cause: "tls-handshake",
    only: TLS,
  },
];

const OWN_CAUSES: Record<string, Omit<FailureExplanation, "cause">> = {
  "policy-mx-mismatch": {
    title: "The policy does not list the mail server",
    meaning:
      "The sender looked up the domain's MX hosts and found that its copy of the MTA-STS policy does not list them. The mail servers themselves work.",
    usualOwner: "domain-owner",
    nextStep: "Compare the policy's mx lines with the MX records, and add what is missing to the policy.",
  },
  "certificate-not-yet-valid": {
    title: "Certificate is not valid yet",
    meaning: "The mail server presented a certificate whose validity starts in the future.",
    usualOwner: "mx-operator",
    nextStep: "Check the clock of the mail server, and the date in its certificate.",
  },
  "certificate-revoked": {
    title: "Certificate is revoked",
    meaning: "The mail server presented a certificate that its authority has revoked.",
    usualOwner: "mx-operator",
    nextStep: "Get a new certificate and reload the mail server.",
  },
  "certificate-self-signed": {
    title: "Certificate is self-signed",
    meaning: "The mail server presented a certificate that no public authority has signed.",
    usualOwner: "mx-operator",
    nextStep: "Install a certificate from a public authority, with its full chain.",
  },
  "tls-handshake": {
    title: "TLS handshake failed",
    meaning: "The sender and the mail server could not agree on an encrypted connection.",
    usualOwner: "mx-operator",
    nextStep:
      "Check that the mail server offers TLS 1.2 or 1.3 with common ciphers, and read its log for the same time.",
  },
  "starttls-refused": {
    title: "STARTTLS refused",
    meaning: "The mail server offers STARTTLS but answered the command with an error.",
    usualOwner: "mx-operator",
    nextStep: "Look in the mail server's log for a missing or unreadable certificate or key.",
  },
  "tlsa-mismatch": {
    title: "TLSA record does not match the certificate",
    meaning: "The MX host has TLSA records, but none of them matches the certificate it presented.",
    usualOwner: "dns-operator",
    nextStep: "Publish a TLSA record for the certificate in use in the zone of the MX host.",
  },
  "sts-policy-http-status": {
    title: "Policy host answered with an error",
    meaning: "The policy host answered the sender with an HTTP error instead of the policy.",
    usualOwner: "us",
    nextStep:
      "Check that mta-sts.<domain> still points to the policy host, and that no other server answers for that name.",
  },
  "sts-policy-unreachable": {
    title: "Policy host did not answer",
    meaning: "The sender could not connect to the policy host over HTTPS.",
    usualOwner: "us",
    nextStep: "Check that every address of mta-sts.<domain>, IPv4 and IPv6, answers on port 443.",
  },
  "sts-policy-dns": {
    title: "Policy host not found in DNS",
    meaning: "The sender could not resolve the name of the policy host.",
    usualOwner: "domain-owner",
    nextStep: "Check the CNAME of mta-sts.<domain>.",
  },
};

/**
 * Explains a failure by its result type and, where that says more, by its reason code. Never throws.
 *
 * RFC 8460 §4.3, RFC 8460 §4.4
 */
export function explainFailure({
  resultType,
  reasonCode,
}: {
  resultType: string;
  reasonCode: string | null;
}): FailureExplanation {
  const code = (reasonCode ?? "").trim().slice(0, 500);
  const isGeneral = !SAYS_NOTHING.test(code);
  const cause = isGeneral
    ? (REASONS.find(({ pattern, only }) => pattern.test(code) && (only?.test(resultType) ?? true))?.cause ??
      resultType)
    : resultType;
  return explainCause(isMoreExact(cause, resultType) ? cause : resultType);
}

/** Explains a cause that {@link explainFailure} answers with. RFC 8460 §4.3 */
export function explainCause(cause: string): FailureExplanation {
  const own = Object.hasOwn(OWN_CAUSES, cause) ? OWN_CAUSES[cause] : undefined;
  if (own) return { cause, ...own };
  const { title, meaning, usualOwner, nextStep } = explainResultType(cause);
  return { cause, title, meaning, usualOwner, nextStep };
}

/** A registered type other than the general one is exact already; a reason code only refines it. */
function isMoreExact(cause: string, resultType: string): boolean {
  if (resultType === "validation-failure" || !explainable(resultType)) return true;
  if (resultType.startsWith("sts-")) return cause.startsWith("sts-") || cause.startsWith("policy-");
  if (resultType === "starttls-not-supported") return cause === "starttls-refused";
  return cause.startsWith("certificate-") || cause === "policy-mx-mismatch" || cause === "tlsa-mismatch";
}

function explainable(resultType: string): boolean {
  return explainResultType(resultType).rfc !== "RFC 8460 §6.6";
}
