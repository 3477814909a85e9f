/** The `id` of a record, or why it is not one. */
export type ParsedStsRecord =
  | { readonly ok: true; readonly id: string }
  | { readonly ok: false; readonly problem: string };

const MAX_RECORD_LENGTH = 4096;
const EXTENSION = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}=[\x21-\x3a\x3c\x3e-\x7e]+$/;

/**
 * Reads the text of one `_mta-sts` TXT record, its strings already joined.
 *
 * `v=STSv1` comes first, other fields in any order, one `;` may end it, blanks may surround each `;`. Unknown fields
 * are ignored if well formed; `id` twice is a problem. At most 4096 characters. Never throws.
 *
 * RFC 8461 §3.1
 */
export function parseStsRecord(text: string): ParsedStsRecord {
  if (text.length > MAX_RECORD_LENGTH) return { ok: false, problem: "The record is too long." };
  const [version, ...fields] = text.split(";");
  if (trimEnd(version ?? "") !== "v=STSv1")
    return { ok: false, problem: 'The record must start with "v=STSv1;".' };
  if (fields.length > 0 && trim(fields.at(-1) ?? "") === "") fields.pop();
  let id: string | undefined;
  for (const field of fields.map(trim)) {
    if (field === "") return { ok: false, problem: "There is an empty field between two semicolons." };
    if (!field.startsWith("id=")) {
      if (!EXTENSION.test(field)) return { ok: false, problem: `${quote(field)} is not a valid field.` };
      continue;
    }
    if (id !== undefined) return { ok: false, problem: "There is more than one id." };
    id = field.slice("id=".length);
    if (!/^[A-Za-z0-9]{1,32}$/.test(id)) {
      return { ok: false, problem: `The id must be 1 to 32 letters and digits, not ${quote(id)}.` };
    }
  }
  return id === undefined ? { ok: false, problem: "The id is missing." } : { ok: true, id };
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
