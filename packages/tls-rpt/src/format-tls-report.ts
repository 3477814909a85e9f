import type { FailureDetail, PolicyResult, TlsReport } from "./tls-report.ts";
import type { WireFailureDetail, WirePolicyResult, WireTlsReport } from "./wire-tls-report.ts";

/**
 * The JSON of a report as the RFC defines it, on one line, ready to be compressed and sent.
 *
 * What is `null` or an empty list is left out; dates are UTC with `Z`, without fraction where it is zero.
 * Reading it back gives the same report (with `submitter` when there is no organisation name).
 *
 * @throws RangeError when a date is invalid
 *
 * RFC 8460 §4.4
 */
export function formatTlsReport(report: TlsReport): string {
  const wire: WireTlsReport = {
    ...(report.organizationName !== null && { "organization-name": report.organizationName }),
    "date-range": {
      "start-datetime": formatDate(report.startAt),
      "end-datetime": formatDate(report.endAt),
    },
    ...(report.contactInfo !== null && { "contact-info": report.contactInfo }),
    "report-id": report.reportId,
    policies: report.policies.map(presentPolicy),
  };
  return JSON.stringify(wire);
}

function presentPolicy(result: PolicyResult): WirePolicyResult {
  return {
    policy: {
      "policy-type": result.policyType,
      ...(result.policyStrings.length > 0 && { "policy-string": result.policyStrings }),
      ...(result.policyDomain !== null && { "policy-domain": result.policyDomain }),
      ...(result.mxHostPatterns.length > 0 && { "mx-host": result.mxHostPatterns }),
    },
    ...((result.successfulSessions !== null || result.failedSessions !== null) && {
      summary: {
        ...(result.successfulSessions !== null && {
          "total-successful-session-count": result.successfulSessions,
        }),
        ...(result.failedSessions !== null && { "total-failure-session-count": result.failedSessions }),
      },
    }),
    ...(result.failureDetails.length > 0 && { "failure-details": result.failureDetails.map(presentDetail) }),
  };
}

function presentDetail(detail: FailureDetail): WireFailureDetail {
  return {
    "result-type": detail.resultType,
    ...(detail.sendingMtaIp !== null && { "sending-mta-ip": detail.sendingMtaIp }),
    ...(detail.receivingMxHost !== null && { "receiving-mx-hostname": detail.receivingMxHost }),
    ...(detail.receivingMxHelo !== null && { "receiving-mx-helo": detail.receivingMxHelo }),
    ...(detail.receivingIp !== null && { "receiving-ip": detail.receivingIp }),
    ...(detail.failedSessions !== null && { "failed-session-count": detail.failedSessions }),
    ...(detail.additionalInfo !== null && { "additional-information": detail.additionalInfo }),
    ...(detail.failureReasonCode !== null && { "failure-reason-code": detail.failureReasonCode }),
  };
}

function formatDate(date: Date): string {
  return date.toISOString().replace(".000Z", "Z");
}
