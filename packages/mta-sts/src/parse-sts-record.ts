/** What some sender stumbles over in a record that the grammar allows; `message` is for the owner. */
export type StsRecordWarning = {
  readonly code: "repeated-id" | "space-before-semicolon";
  readonly message: string;
};

/** The `id` of a record, or why it is not one. */
export type ParsedStsRecord =
  | { readonly ok: true; readonly id: string; readonly warnings: readonly StsRecordWarning[] }
  | { readonly ok: false; readonly problem: string };

const MAX_RECORD_LENGTH = 4096;
const EXTENSION = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}=[\x21-\x3a\x3c\x3e-\x7e]+$/;
const ID = /^[A-Za-z0-9]{1,32}$/;

/**
 * Reads the text of one `_mta-sts` TXT record, its strings already joined.
 *
 * `v=STSv1` comes first, other fields in any order, one `;` may end it, blanks may surround each `;`. Unknown fields
 * are ignored if well formed. Of several `id` fields the first counts, as in a policy; a later one only has to be a
 * field. At most 4096 characters. Never throws.
 *
 * RFC 8461 §3.1, §3.2
 */
export function parseStsRecord(text: string): ParsedStsRecord {
  if (text.length > MAX_RECORD_LENGTH) return { ok: false, problem: "The record is too long." };
  const [version = "", ...fields] = text.split(";");
  if (trimEnd(version) !== "v=STSv1") return { ok: false, problem: 'The record must start with "v=STSv1;".' };
  if (fields.length > 0 && trim(fields.at(-1) ?? "") === "") fields.pop();
  const ids: string[] = [];
  for (const field of fields.map(trim)) {
    if (field === "") return { ok: false, problem: "There is an empty field between two semicolons." };
    const isFirstId = field.startsWith("id=") && ids.length === 0;
    if (!isFirstId && !EXTENSION.test(field)) {
      return { ok: false, problem: `${quote(field)} is not a valid field.` };
    }
    if (field.startsWith("id=")) ids.push(field.slice("id=".length));
  }
  const [id] = ids;
  if (id === undefined) return { ok: false, problem: "The id is missing." };
  if (!ID.test(id)) {
    return { ok: false, problem: `The id must be 1 to 32 letters and digits, not ${quote(id)}.` };
  }
  return { ok: true, id, warnings: listWarnings(version, ids) };
}

function listWarnings(version: string, ids: readonly string[]): StsRecordWarning[] {
  const warnings: StsRecordWarning[] = [];
  if (version !== "v=STSv1") {
    const message = "There is a space before the first semicolon; some senders then discard the record.";
    warnings.push({ code: "space-before-semicolon", message });
  }
  if (ids.length > 1) {
    const message = `The record has ${ids.length} id fields. The first one (${ids[0]}) counts, but some senders refuse the record.`;
    warnings.push({ code: "repeated-id", message });
  }
  return warnings;
}

function trim(text: string): string {
  return trimEnd(text.replace(/^[ \t]+/, ""));
}

function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === " " || text[end - 1] === "\t")) end--;
  return text.slice(0, end);
}

function quote(text: string): string {
  return `"${text.length > 80 ? `${text.slice(0, 80)}…` : text}"`;
}
