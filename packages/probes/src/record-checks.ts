import type { Check } from "./check-finding.ts";

/** Checks of the two TXT records. RFC 8461 §3.1, RFC 8460 §3 */
export const RECORD_CHECKS = {
  "record-ok": { area: "record", severity: "ok", rfc: "RFC 8461 §3.1", fix: "" },
  "record-missing": {
    area: "record",
    severity: "error",
    rfc: "RFC 8461 §3.1",
    fix: "Publish a TXT record (or a CNAME to your provider) at _mta-sts; without it senders never look for a policy.",
  },
  "not-set-up": {
    area: "record",
    severity: "error",
    rfc: "RFC 8461 §3.1",
    fix: "Publish the TXT record at _mta-sts and serve the policy at mta-sts, or let a provider host both.",
  },
  "record-misplaced": {
    area: "record",
    severity: "error",
    rfc: "RFC 8461 §3.1",
    fix: "Move the record to _mta-sts: senders look nowhere else.",
  },
  "tls-rpt-misplaced": {
    area: "tls-rpt",
    severity: "error",
    rfc: "RFC 8460 §3",
    fix: "Move the record to _smtp._tls: senders look nowhere else.",
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
  "record-advice": {
    area: "record",
    severity: "warning",
    rfc: "RFC 8461 §3.1",
    fix: "Publish exactly v=STSv1; id=…; with one id and no space before a semicolon.",
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
  "tls-rpt-bad": {
    area: "tls-rpt",
    severity: "error",
    rfc: "RFC 8460 §3",
    fix: "Publish one record: v=TLSRPTv1; rua=mailto:…",
  },
  "tls-rpt-advice": {
    area: "tls-rpt",
    severity: "warning",
    rfc: "RFC 8460 §3",
    fix: "Publish exactly v=TLSRPTv1; rua=… with one rua field and no space before a semicolon.",
  },
  "tls-rpt-dns-failed": {
    area: "tls-rpt",
    severity: "error",
    rfc: "RFC 8460 §3",
    fix: "Make the domain's DNS servers answer for _smtp._tls.",
  },
} as const satisfies Record<string, Check>;
