/**
 * The JSON of a TLS report exactly as the RFC defines it; what `formatTlsReport` writes.
 *
 * Real reports stray from it: read them with `parseTlsReport`, never with a cast to this type.
 * `mx-host` is an array, as erratum 6241 says and the RFC's example does not show.
 *
 * RFC 8460 §4.4
 */
export type WireTlsReport = {
  "organization-name"?: string;
  "date-range": { "start-datetime": string; "end-datetime": string };
  "contact-info"?: string;
  "report-id": string;
  policies: WirePolicyResult[];
};

/** One element of `policies`. RFC 8460 §4.4 */
export type WirePolicyResult = {
  policy: {
    "policy-type": string;
    "policy-string"?: string[];
    "policy-domain"?: string;
    "mx-host"?: string[];
  };
  summary?: { "total-successful-session-count"?: number; "total-failure-session-count"?: number };
  "failure-details"?: WireFailureDetail[];
};

/** One element of `failure-details`. RFC 8460 §4.4 */
export type WireFailureDetail = {
  "result-type": string;
  "sending-mta-ip"?: string;
  "receiving-mx-hostname"?: string;
  "receiving-mx-helo"?: string;
  "receiving-ip"?: string;
  "failed-session-count"?: number;
  "additional-information"?: string;
  "failure-reason-code"?: string;
};
