import type { PolicyFindingCode } from "@waxseal/mta-sts";

/** `error`: senders cannot use it, or mail is at stake; `warning`: some senders, or soon; `note`: worth knowing; `ok`: as it should be. */
export type CheckSeverity = "error" | "warning" | "note" | "ok";

/** The part of the set-up that a finding is about. */
export type CheckArea = "domain" | "record" | "policy" | "certificate" | "mx" | "tls-rpt";

/** Every kind of finding but those about single lines of the policy. */
export type CheckCode = keyof typeof CHECKS | `policy-line-${PolicyFindingCode}`;

/** One thing found out about a domain; `message` is what was seen, `fix` what to do (empty when nothing). */
export type CheckFinding = {
  readonly code: CheckCode;
  readonly area: CheckArea;
  readonly severity: CheckSeverity;
  readonly rfc: string;
  readonly message: string;
  readonly fix: string;
  /** The MX host it is about. */
  readonly mxHost?: string;
};

type Check = { area: CheckArea; severity: CheckSeverity; rfc: string; fix: string };

const ASK_MX_OPERATOR = "Tell whoever runs this mail host.";

/** All checks: what each is about, how much it matters, where it is written, and what to do. */
export const CHECKS = {
  "domain-missing": {
    area: "domain",
    severity: "error",
    rfc: "RFC 8020 §2",
    fix: "Check the spelling of the domain.",
  },

  "record-ok": { area: "record", severity: "ok", rfc: "RFC 8461 §3.1", fix: "" },
  "record-missing": {
    area: "record",
    severity: "error",
    rfc: "RFC 8461 §3.1",
    fix: "Publish a TXT record (or a CNAME to your provider) at _mta-sts; without it senders never look for a policy.",
  },
  "record-at-parent-only": {
    area: "record",
    severity: "note",
    rfc: "RFC 8461 §3.4",
    fix: "Policies are not inherited: set up MTA-STS for the subdomain itself.",
  },
  "record-several": {
    area: "record",
    severity: "error",
    rfc: "RFC 8461 §3.1",
    fix: "Leave exactly one record that begins with v=STSv1;",
  },
  "record-misspelled": {
    area: "record",
    severity: "error",
    rfc: "RFC 8461 §3.1",
    fix: "Begin the record with exactly v=STSv1;",
  },
  "record-bad-syntax": {
    area: "record",
    severity: "error",
    rfc: "RFC 8461 §3.1",
    fix: "Publish v=STSv1; id=…; with 1 to 32 letters and digits as id.",
  },
  "record-dns-failed": {
    area: "record",
    severity: "error",
    rfc: "RFC 8461 §3.1",
    fix: "Make the domain's DNS servers answer for _mta-sts.",
  },
  "record-dangling-cname": {
    area: "record",
    severity: "error",
    rfc: "RFC 8461 §8.2",
    fix: "Point the CNAME to a name that exists, or ask your provider.",
  },
  "record-delegated": { area: "record", severity: "note", rfc: "RFC 8461 §8.2", fix: "" },
  "policy-without-record": {
    area: "record",
    severity: "error",
    rfc: "RFC 8461 §3.1",
    fix: "Publish the TXT record too: senders look there first.",
  },

  "policy-fetched": { area: "policy", severity: "ok", rfc: "RFC 8461 §3.3", fix: "" },
  "policy-host-missing": {
    area: "policy",
    severity: "error",
    rfc: "RFC 8461 §3.2",
    fix: "Publish an address or a CNAME at mta-sts.",
  },
  "policy-dns-failed": {
    area: "policy",
    severity: "error",
    rfc: "RFC 8461 §3.2",
    fix: "Make the domain's DNS servers answer for mta-sts.",
  },
  "policy-address-refused": {
    area: "policy",
    severity: "error",
    rfc: "RFC 8461 §3.3",
    fix: "Point mta-sts to a public address.",
  },
  "policy-unreachable": {
    area: "policy",
    severity: "error",
    rfc: "RFC 8461 §3.3",
    fix: "Let the policy host answer on port 443.",
  },
  "policy-timeout": {
    area: "policy",
    severity: "error",
    rfc: "RFC 8461 §3.3",
    fix: "Let the policy host answer within seconds; the suggested limit is a minute, some give up after four seconds.",
  },
  "policy-slow": {
    area: "policy",
    severity: "warning",
    rfc: "RFC 8461 §3.3",
    fix: "Answer faster: a common Postfix client gives up after four seconds.",
  },
  "policy-tls-failed": {
    area: "policy",
    severity: "error",
    rfc: "RFC 8461 §7.1",
    fix: "Let the policy host answer TLS for its own name.",
  },
  "policy-tls-too-old": {
    area: "policy",
    severity: "error",
    rfc: "RFC 8461 §7.2",
    fix: "Switch on TLS 1.2 and 1.3.",
  },
  "policy-redirect": {
    area: "policy",
    severity: "error",
    rfc: "RFC 8461 §3.3",
    fix: "Answer with the policy itself: senders do not follow redirects.",
  },
  "policy-status": {
    area: "policy",
    severity: "error",
    rfc: "RFC 8461 §3.3",
    fix: "Answer /.well-known/mta-sts.txt with status 200; look for a firewall or bot filter in front.",
  },
  "policy-too-large": {
    area: "policy",
    severity: "error",
    rfc: "RFC 8461 §3.3",
    fix: "Serve the policy alone, below 64 KiB.",
  },
  "policy-http-failed": {
    area: "policy",
    severity: "error",
    rfc: "RFC 8461 §3.3",
    fix: "Let the policy host speak plain HTTP/1.1 over TLS.",
  },
  "content-type-missing": {
    area: "policy",
    severity: "warning",
    rfc: "RFC 8461 §3.2",
    fix: "Send Content-Type: text/plain; charset=utf-8",
  },
  "content-type-wrong": {
    area: "policy",
    severity: "warning",
    rfc: "RFC 8461 §3.2",
    fix: "Send Content-Type: text/plain; charset=utf-8",
  },
  "content-type-charset": {
    area: "policy",
    severity: "note",
    rfc: "RFC 8461 §3.2",
    fix: "Use charset=utf-8 or leave it out.",
  },
  "mode-enforce": { area: "policy", severity: "ok", rfc: "RFC 8461 §5", fix: "" },
  "mode-testing": {
    area: "policy",
    severity: "note",
    rfc: "RFC 8461 §5",
    fix: "Mail is not protected yet. Go to enforce once the reports show no failures.",
  },
  "mode-none": {
    area: "policy",
    severity: "note",
    rfc: "RFC 8461 §8.3",
    fix: "Keep serving this until every older policy has expired.",
  },
  "policy-advice": { area: "policy", severity: "warning", rfc: "RFC 8461 §3.2", fix: "" },
  "policy-wildcard": {
    area: "policy",
    severity: "warning",
    rfc: "RFC 8461 §10.4",
    fix: "Name the mail hosts instead of a wildcard where you can.",
  },
  "mx-pattern-unused": {
    area: "policy",
    severity: "note",
    rfc: "RFC 8461 §4.1",
    fix: "Remove it, unless the host is about to be added.",
  },

  "certificate-ok": { area: "certificate", severity: "ok", rfc: "RFC 8461 §3.3", fix: "" },
  "certificate-expires-soon": {
    area: "certificate",
    severity: "warning",
    rfc: "RFC 8461 §3.3",
    fix: "Renew it now, and look why that did not happen by itself.",
  },
  "certificate-expired": {
    area: "certificate",
    severity: "error",
    rfc: "RFC 8461 §3.3",
    fix: "Renew the policy host's certificate.",
  },
  "certificate-not-yet-valid": {
    area: "certificate",
    severity: "error",
    rfc: "RFC 8461 §3.3",
    fix: "Set the clock of the policy host, or wait.",
  },
  "certificate-host-mismatch": {
    area: "certificate",
    severity: "error",
    rfc: "RFC 8461 §3.3",
    fix: "Get a certificate with the policy host's name in subjectAltName.",
  },
  "certificate-not-trusted": {
    area: "certificate",
    severity: "error",
    rfc: "RFC 8461 §3.3",
    fix: "Use a publicly trusted CA and send its intermediate certificate too.",
  },

  "mx-ok": { area: "mx", severity: "ok", rfc: "RFC 8461 §4.2", fix: "" },
  "mx-dns-failed": {
    area: "mx",
    severity: "error",
    rfc: "RFC 5321 §5.1",
    fix: "Make the domain's DNS servers answer for MX.",
  },
  "mx-implicit": {
    area: "mx",
    severity: "note",
    rfc: "RFC 5321 §5.1",
    fix: "Publish an MX record; without one the domain itself is the mail host.",
  },
  "mx-null": {
    area: "mx",
    severity: "note",
    rfc: "RFC 7505 §3",
    fix: "The domain takes no mail, so it needs no policy.",
  },
  "mx-many": { area: "mx", severity: "note", rfc: "RFC 5321 §5.1", fix: "" },
  "mx-not-covered": {
    area: "mx",
    severity: "error",
    rfc: "RFC 8461 §4.1",
    fix: "Add the host to the policy before enforcing, or remove it from MX.",
  },
  "mx-host-missing": {
    area: "mx",
    severity: "error",
    rfc: "RFC 5321 §5.1",
    fix: "Give the MX host an address, or remove it from MX.",
  },
  "mx-address-refused": {
    area: "mx",
    severity: "error",
    rfc: "RFC 5321 §5.1",
    fix: "Give the MX host a public address.",
  },
  "mx-unreachable": {
    area: "mx",
    severity: "warning",
    rfc: "RFC 5321 §4.5.4.1",
    fix: "Check that port 25 is open to the world; from here it could not be reached.",
  },
  "mx-smtp-failed": { area: "mx", severity: "warning", rfc: "RFC 5321 §3.1", fix: ASK_MX_OPERATOR },
  "mx-no-starttls": {
    area: "mx",
    severity: "error",
    rfc: "RFC 8461 §4.2",
    fix: "Switch on STARTTLS at this mail host.",
  },
  "mx-tls-failed": { area: "mx", severity: "error", rfc: "RFC 8461 §4.2", fix: ASK_MX_OPERATOR },
  "mx-tls-too-old": {
    area: "mx",
    severity: "error",
    rfc: "RFC 8461 §7.2",
    fix: "Switch on TLS 1.2 and 1.3 at this mail host.",
  },
  "mx-certificate-expired": {
    area: "mx",
    severity: "error",
    rfc: "RFC 8461 §4.2",
    fix: "Renew the mail host's certificate.",
  },
  "mx-certificate-not-yet-valid": {
    area: "mx",
    severity: "error",
    rfc: "RFC 8461 §4.2",
    fix: ASK_MX_OPERATOR,
  },
  "mx-certificate-host-mismatch": {
    area: "mx",
    severity: "error",
    rfc: "RFC 8461 §4.2",
    fix: "Get a certificate with the MX host's name, or correct the MX record.",
  },
  "mx-certificate-not-trusted": {
    area: "mx",
    severity: "error",
    rfc: "RFC 8461 §4.2",
    fix: "Use a publicly trusted CA and send its intermediate certificate too.",
  },
  "mx-dane": { area: "mx", severity: "note", rfc: "RFC 8461 §2", fix: "" },

  "tls-rpt-ok": { area: "tls-rpt", severity: "ok", rfc: "RFC 8460 §3", fix: "" },
  "tls-rpt-missing": {
    area: "tls-rpt",
    severity: "warning",
    rfc: "RFC 8460 §3",
    fix: "Publish a record at _smtp._tls, or you will not hear of failures.",
  },
  "tls-rpt-bad": {
    area: "tls-rpt",
    severity: "error",
    rfc: "RFC 8460 §3",
    fix: "Publish one record: v=TLSRPTv1; rua=mailto:…",
  },
  "tls-rpt-dns-failed": {
    area: "tls-rpt",
    severity: "error",
    rfc: "RFC 8460 §3",
    fix: "Make the domain's DNS servers answer for _smtp._tls.",
  },
} as const satisfies Record<string, Check>;

/** A finding of a check in the table; `severity` and `fix` stand in for those of the table when given. */
export function findingOf(
  code: keyof typeof CHECKS,
  message: string,
  changes: Partial<Pick<CheckFinding, "severity" | "fix" | "mxHost">> = {},
): CheckFinding {
  return { code, ...CHECKS[code], message, ...changes };
}
