import { parseStsRecord, type StsRecordWarning } from "./parse-sts-record.ts";

/** The one record in force with its text, or why a sender sees no policy. */
export type FoundStsRecord =
  | {
      readonly ok: true;
      readonly id: string;
      readonly text: string;
      readonly warnings: readonly StsRecordWarning[];
    }
  | {
      readonly ok: false;
      readonly reason: "no-record" | "misspelled-version" | "several-records" | "bad-syntax";
      readonly problem: string;
      /** The texts that begin as the record should, or nearly so. */
      readonly texts: readonly string[];
    };

/**
 * Picks the MTA-STS record out of all TXT records at `_mta-sts.<domain>`.
 *
 * Each record is its list of strings, joined without blanks. Records that do not begin with `v=STSv1` and a semicolon are
 * passed over; unless one is left and it is well formed, senders treat the domain as having no policy. Blanks before that
 * semicolon follow the grammar, not the prose, so that such a record counts with a warning. Never throws.
 *
 * RFC 8461 §3.1, RFC 8461 erratum 6285
 */
export function findStsRecord(txtRecords: readonly (readonly string[])[]): FoundStsRecord {
  const all = txtRecords.map((strings) => strings.join(""));
  const texts = all.filter((text) => /^v=STSv1[ \t]*;/.test(text));
  const [text] = texts;
  if (text === undefined) {
    const nearly = all.filter((candidate) => /^\W{0,9}v\s{0,9}=\s{0,9}sts/i.test(candidate));
    const reason = nearly.length > 0 ? "misspelled-version" : "no-record";
    return { ok: false, reason, problem: 'No TXT record begins with exactly "v=STSv1;".', texts: nearly };
  }
  if (texts.length > 1) {
    const problem = `${texts.length} TXT records begin with "v=STSv1;"; senders then use none of them.`;
    return { ok: false, reason: "several-records", problem, texts };
  }
  const record = parseStsRecord(text);
  if (!record.ok) return { ok: false, reason: "bad-syntax", problem: record.problem, texts };
  return { ok: true, id: record.id, text, warnings: record.warnings };
}
