import { parseStsRecord } from "./parse-sts-record.ts";

/** The one record in force with its text, or why a sender sees no policy. */
export type FoundStsRecord =
  | { readonly ok: true; readonly id: string; readonly text: string }
  | {
      readonly ok: false;
      readonly reason: "no-record" | "several-records" | "bad-syntax";
      readonly problem: string;
      /** The texts that begin as the record should. */
      readonly texts: readonly string[];
    };

/**
 * Picks the MTA-STS record out of all TXT records at `_mta-sts.<domain>`.
 *
 * Each record is its list of strings, joined without blanks. Records that do not begin with exactly `v=STSv1;` are
 * passed over; unless one is left and it is well formed, senders treat the domain as having no policy. Never throws.
 *
 * RFC 8461 §3.1
 */
export function findStsRecord(txtRecords: readonly (readonly string[])[]): FoundStsRecord {
  const texts = txtRecords.map((strings) => strings.join("")).filter((text) => text.startsWith("v=STSv1;"));
  const [text] = texts;
  if (text === undefined) {
    return { ok: false, reason: "no-record", problem: 'No TXT record begins with "v=STSv1;".', texts };
  }
  if (texts.length > 1) {
    const problem = `${texts.length} TXT records begin with "v=STSv1;"; senders then use none of them.`;
    return { ok: false, reason: "several-records", problem, texts };
  }
  const record = parseStsRecord(text);
  if (!record.ok) return { ok: false, reason: "bad-syntax", problem: record.problem, texts };
  return { ok: true, id: record.id, text };
}
