import { expect, test } from "vitest";
import { explainFailure } from "./explain-failure.ts";

const codes: [resultType: string, reasonCode: string | null, cause: string, owner: string][] = [
  ["validation-failure", "MX_HOSTS_MISMATCH", "policy-mx-mismatch", "domain-owner"],
  [
    "validation-failure",
    "MX hosts of orchard.example failed MTA-STS validation",
    "policy-mx-mismatch",
    "domain-owner",
  ],
  ["certificate-host-mismatch", "mx-mismatch", "policy-mx-mismatch", "domain-owner"],
  ["validation-failure", "VALIDATION_FAILURE", "validation-failure", "mx-operator"],
  ["validation-failure", null, "validation-failure", "mx-operator"],
  ["validation-failure", "X509_V_ERR_CERT_HAS_EXPIRED", "certificate-expired", "mx-operator"],
  [
    "validation-failure",
    "x509: certificate has expired or is not yet valid",
    "certificate-expired",
    "mx-operator",
  ],
  ["validation-failure", "X509_V_ERR_CERT_NOT_YET_VALID", "certificate-not-yet-valid", "mx-operator"],
  ["certificate-not-trusted", "self-signed_certificate", "certificate-self-signed", "mx-operator"],
  ["validation-failure", "X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN", "certificate-self-signed", "mx-operator"],
  [
    "certificate-not-trusted",
    "unable to get local issuer certificate",
    "certificate-not-trusted",
    "mx-operator",
  ],
  [
    "validation-failure",
    "x509: certificate signed by unknown authority",
    "certificate-not-trusted",
    "mx-operator",
  ],
  ["validation-failure", "X509_V_ERR_PROXY_PATH_LENGTH_EXCEEDED", "certificate-not-trusted", "mx-operator"],
  ["validation-failure", "X509_V_ERR_HOSTNAME_MISMATCH", "certificate-host-mismatch", "mx-operator"],
  ["validation-failure", "certificate revoked", "certificate-revoked", "mx-operator"],
  ["validation-failure", "dane-no-match+errors", "tlsa-mismatch", "dns-operator"],
  ["validation-failure", "tls-remote-alert-40", "tls-handshake", "mx-operator"],
  ["validation-failure", "no shared cipher", "tls-handshake", "mx-operator"],
  ["starttls-not-supported", "smtp-starttls-reply-code-454", "starttls-refused", "mx-operator"],
  ["starttls-not-supported", "expired", "starttls-not-supported", "mx-operator"],
  ["sts-policy-fetch-error", "bad https response code: 404", "sts-policy-http-status", "us"],
  ["sts-policy-fetch-error", "connection timed out", "sts-policy-unreachable", "us"],
  ["sts-policy-fetch-error", "NXDOMAIN", "sts-policy-dns", "domain-owner"],
  ["sts-webpki-invalid", "certificate has expired", "sts-webpki-invalid", "us"],
  ["tlsa-invalid", "whatever", "tlsa-invalid", "dns-operator"],
  ["made-up", "certificate has expired", "certificate-expired", "mx-operator"],
];

test.each(codes)("RFC 8460 §4.4: %s with the reason %j is %s", (resultType, reasonCode, cause, owner) => {
  const explained = explainFailure({ resultType, reasonCode });
  expect([explained.cause, explained.usualOwner]).toEqual([cause, owner]);
  expect(explained.nextStep).toMatch(/^[A-Z].*\.$/);
});
