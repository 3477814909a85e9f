/** RFC 8555 §6.7, RFC 8659 §4 */
const SENTENCES: Readonly<Record<string, string>> = {
  caa: "a CAA record forbids it. Action needed: allow this certificate authority there.",
  connection:
    "it could not connect on port 80. Check that the CNAME is visible everywhere; if it is, there is nothing for you to do.",
  dns: "it could not look up the name in the DNS. Action needed: check that every DNS server of the domain answers for the CNAME.",
  dnssec: "the DNSSEC of the domain is broken. Action needed: repair it, or remove its DS record.",
  incorrectResponse:
    "it got another server's answer. Check that the CNAME is visible everywhere; if it is, there is nothing for you to do.",
  rejectedIdentifier:
    "it does not issue certificates for this name. Contact it if the name is blocked by mistake.",
  tls: "it could not make a TLS connection. Check that the CNAME is visible everywhere; if it is, there is nothing for you to do.",
  unauthorized:
    "it did not find our answer to its challenge. Check that the CNAME is visible everywhere; if it is, there is nothing for you to do.",
};

/**
 * Why a CA refused, as the end of a sentence and what to do; `types` are the ends of its problem URNs, the main one first. The CA's own
 * words name URNs, addresses of ours and its staff's links, so they go to the log only.
 *
 * RFC 8555 §6.7
 */
export function explainAcmeRefusal(types: readonly string[]): string {
  const known = types.find((type) => Object.hasOwn(SENTENCES, type));
  return known === undefined || SENTENCES[known] === undefined
    ? "it gave a reason that concerns us. Nothing for you to do: we try again and look into it."
    : SENTENCES[known];
}
