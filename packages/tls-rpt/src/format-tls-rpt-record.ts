import { parseTlsRptRecord } from "./parse-tls-rpt-record.ts";

/**
 * The text to publish at `_smtp._tls.<domain>`: `v=TLSRPTv1; rua=mailto:a@example.com,https://…`.
 *
 * `rua` are complete `mailto:` or `https:` URIs, most wanted first. `,`, `!` and `;` inside them are
 * percent-encoded; everything else must already be (a `%` is kept as it is). The text may exceed the
 * 255 bytes of one TXT string: splitting it is the publisher's work.
 *
 * @throws RangeError when the list is empty or an address is no `mailto:` or `https:` URI
 *
 * RFC 8460 §3
 */
export function formatTlsRptRecord(rua: readonly string[]): string {
  const text = `v=TLSRPTv1; rua=${rua.map(encodeUri).join(",")}`;
  const result = parseTlsRptRecord(text);
  if (!result.ok) throw new RangeError(result.problem);
  if (result.unsupportedRua.length > 0)
    throw new RangeError("Only mailto: and https: addresses can receive reports.");
  return text;
}

function encodeUri(uri: string): string {
  return uri.replaceAll(",", "%2C").replaceAll("!", "%21").replaceAll(";", "%3B");
}
