import type { Check } from "./check-finding.ts";

const ASK_MX_OPERATOR = "Tell the operator of this mail host.";

/** Checks of the domain and its MX hosts. RFC 8461 §4 */
export const MX_CHECKS = {
  "domain-missing": {
    area: "domain",
    severity: "error",
    rfc: "RFC 8020 §2",
    fix: "Check the spelling of the domain.",
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
  "mx-name-unusable": {
    area: "mx",
    severity: "error",
    rfc: "RFC 8461 §4.1",
    fix: "Point the MX record to a host name for which a CA issues certificates.",
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
  "mx-addresses-differ": {
    area: "mx",
    severity: "warning",
    rfc: "RFC 8461 §4.2",
    fix: "Repair that address, or remove it from DNS: senders use whichever address they like.",
  },
  "mx-other-certificate-bad": {
    area: "mx",
    severity: "error",
    rfc: "RFC 8461 §4.2",
    fix: "Renew both certificates: which one a sender sees depends on the algorithms it offers.",
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
  "mx-signed": { area: "mx", severity: "note", rfc: "RFC 7672 §2.2", fix: "" },
  "mx-is-alias": {
    area: "mx",
    severity: "warning",
    rfc: "RFC 5321 §5.1",
    fix: "Point the MX record to the target of the alias. The policy and the certificate must name what the MX record names.",
  },
  "mx-dane-mismatch": {
    area: "mx",
    severity: "error",
    rfc: "RFC 7672 §3.1",
    fix: "Publish TLSA records for the certificate in use, or remove them; publish the next one before you change certificates.",
  },
  "mx-dane-unusable": {
    area: "mx",
    severity: "warning",
    rfc: "RFC 7672 §3.1",
    fix: "Use TLSA records of usage 3 or 2, selector 0 or 1, matching type 0, 1 or 2.",
  },
  "mx-dane": { area: "mx", severity: "note", rfc: "RFC 8461 §2", fix: "" },

  "tls-rpt-ok": { area: "tls-rpt", severity: "ok", rfc: "RFC 8460 §3", fix: "" },
  "tls-rpt-missing": {
    area: "tls-rpt",
    severity: "warning",
    rfc: "RFC 8460 §3",
    fix: "Publish a record at _smtp._tls, or you will not hear of failures.",
  },
} as const satisfies Record<string, Check>;
