/**
 * The text of the `_mta-sts` TXT record: exactly `v=STSv1; id=<id>;`, never a blank before a semicolon, since readers
 * disagree about that one.
 *
 * RFC 8461 §3.1, RFC 8461 erratum 6285
 */
export function formatStsRecord(id: string): string {
  return `v=STSv1; id=${id};`;
}
