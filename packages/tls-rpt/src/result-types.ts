/** What a failure is about, as the RFC groups them. RFC 8460 §4.3 */
export type ResultTypeGroup = "negotiation" | "general" | "dane" | "mta-sts";

/**
 * Who can usually make a failure go away: the operator of the receiving mail server, the domain's owner, the
 * operator of the DNS zone, the host of the policy (`us`), or the sender. RFC 8460 §4.3
 */
export type FixOwner = "mx-operator" | "domain-owner" | "dns-operator" | "us" | "sender";

/**
 * One way a session can fail, in words for people who run a domain but not a mail server.
 *
 * `value` is the word in reports; `title` is a few words, `meaning` one or two sentences, `nextStep` what
 * `usualOwner` should do first; `rfc` is where the value is defined.
 *
 * RFC 8460 §4.3
 */
export type ResultType = {
  value: string;
  group: ResultTypeGroup;
  title: string;
  meaning: string;
  usualOwner: FixOwner;
  nextStep: string;
  rfc: string;
};

/** The eleven registered result types, in the order of the RFC. RFC 8460 §4.3, RFC 8460 §6.6 */
export const RESULT_TYPES: readonly ResultType[] = [
  {
    value: "starttls-not-supported",
    group: "negotiation",
    title: "No encryption offered",
    meaning:
      "The receiving mail server did not offer STARTTLS, so mail could only have been sent in the clear. Either encryption is off there, or something on the way removed the offer.",
    usualOwner: "mx-operator",
    nextStep:
      "Turn on STARTTLS on the mail server named here. If it is on, look for a firewall or filter between it and the internet that removes it.",
    rfc: "RFC 8460 §4.3.1",
  },
  {
    value: "certificate-host-mismatch",
    group: "negotiation",
    title: "Certificate is for another name",
    meaning:
      "The mail server's certificate does not contain the name of the MX host that the sender connected to.",
    usualOwner: "mx-operator",
    nextStep:
      "Install a certificate that contains the MX host's name, or correct the MX record and the policy's mx lines if they name the wrong host.",
    rfc: "RFC 8460 §4.3.1",
  },
  {
    value: "certificate-expired",
    group: "negotiation",
    title: "Mail server's certificate has expired",
    meaning: "The mail server presented an expired certificate.",
    usualOwner: "mx-operator",
    nextStep: "Renew the certificate and reload the mail server; many servers use the old one until then.",
    rfc: "RFC 8460 §4.3.1",
  },
  {
    value: "certificate-not-trusted",
    group: "negotiation",
    title: "Certificate is not trusted",
    meaning:
      "The sender could not follow the mail server's certificate to an authority it trusts. Most often the intermediate certificate is not sent along, or the certificate is self-signed.",
    usualOwner: "mx-operator",
    nextStep:
      "Use a certificate from a public authority and let the mail server send the full chain. The reason code may say more.",
    rfc: "RFC 8460 §4.3.1",
  },
  {
    value: "validation-failure",
    group: "general",
    title: "Encryption failed for another reason",
    meaning:
      "The sender could not set up a secure connection and did not give a more specific reason. The reason code, if there is one, says what happened.",
    usualOwner: "mx-operator",
    nextStep: "Read the reason code and compare it with the mail server's log for the same time and address.",
    rfc: "RFC 8460 §4.3.3",
  },
  {
    value: "tlsa-invalid",
    group: "dane",
    title: "No usable TLSA record matches",
    meaning:
      "The MX host has TLSA records, but none of them was valid for the certificate it showed. Often a certificate was renewed and the record was not.",
    usualOwner: "dns-operator",
    nextStep:
      "Publish TLSA records that match the certificate in use, the new one before the certificate is changed.",
    rfc: "RFC 8460 §4.3.2.1",
  },
  {
    value: "dnssec-invalid",
    group: "dane",
    title: "DNSSEC signatures do not validate",
    meaning:
      "The sender's resolver refused the DNS answers because their signatures are missing, wrong or out of date.",
    usualOwner: "dns-operator",
    nextStep:
      "Check the zone with a DNSSEC debugger: expired signatures and a wrong DS record are the usual causes.",
    rfc: "RFC 8460 §4.3.2.1",
  },
  {
    value: "dane-required",
    group: "dane",
    title: "Sender insists on DANE",
    meaning:
      "The sender is set up to deliver only to hosts with valid TLSA records, and this domain's mail servers have none.",
    usualOwner: "sender",
    nextStep:
      "Allow this domain without DANE in the sending mail servers' TLS policy, or wait until its MX hosts have signed TLSA records.",
    rfc: "RFC 8460 §4.3.2.1",
  },
  {
    value: "sts-policy-fetch-error",
    group: "mta-sts",
    title: "Policy could not be fetched",
    meaning:
      "The sender saw that the domain has an MTA-STS policy, but could not get it from the policy host over HTTPS.",
    usualOwner: "us",
    nextStep:
      "Check that mta-sts.<domain> still points to the policy host and answers from outside. The reason code may hold the status.",
    rfc: "RFC 8460 §4.3.2.2",
  },
  {
    value: "sts-policy-invalid",
    group: "mta-sts",
    title: "Policy could not be understood",
    meaning: "The policy was fetched, but the sender found a mistake in its text and could not use it.",
    usualOwner: "us",
    nextStep: "Check the text served at mta-sts.<domain>, and that no other server answers for that name.",
    rfc: "RFC 8460 §4.3.2.2",
  },
  {
    value: "sts-webpki-invalid",
    group: "mta-sts",
    title: "Policy host's certificate is not valid",
    meaning:
      "The HTTPS certificate of mta-sts.<domain> was expired, for another name or not trusted, so the sender did not believe the policy. The mail servers' certificates are not concerned.",
    usualOwner: "us",
    nextStep:
      "Check the certificate of mta-sts.<domain>. If it cannot be renewed, look for a CAA record that forbids it or a CNAME that points elsewhere.",
    rfc: "RFC 8460 §4.3.2.2",
  },
];

const BY_VALUE = new Map(RESULT_TYPES.map((resultType) => [resultType.value, resultType]));

/** The registered result type with this value, in lower case; `undefined` for any other text. RFC 8460 §6.6 */
export function findResultType(value: string): ResultType | undefined {
  return BY_VALUE.get(value);
}

/**
 * What a result type means, also for an unregistered one.
 *
 * An unknown `value` is explained as a general failure under its own name, so that it can be shown
 * like the others. Never throws.
 *
 * RFC 8460 §4.3, RFC 8460 §6.6
 */
export function explainResultType(value: string): ResultType {
  return (
    findResultType(value.toLowerCase()) ?? {
      value,
      group: "general",
      title: "Failure of an unknown kind",
      meaning: `The sender reported "${value}", which is not a registered kind of failure. It was counted, and its text is kept.`,
      usualOwner: "sender",
      nextStep:
        "Look up this result type, its reason code and its additional information in the software that writes these reports.",
      rfc: "RFC 8460 §6.6",
    }
  );
}
