/**
 * Why a `_smtp._tls` record cannot be used.
 *
 * - `not-tlsrpt`: the text does not start with `v=TLSRPTv1`
 * - `bad-field`: something between two `;` is not `name=value`
 * - `missing-rua`: no `rua=` field, so senders do not know where to send reports
 * - `bad-rua`: an address in `rua=` is not a URI, or holds a `!` that must be written `%21`
 * - `unsupported-rua`: every address uses a scheme other than `mailto` and `https`
 *
 * RFC 8460 §3
 */
export type TlsRptRecordProblemCode =
  | "not-tlsrpt"
  | "bad-field"
  | "missing-rua"
  | "bad-rua"
  | "unsupported-rua";

/**
 * A `_smtp._tls` record that senders can use.
 *
 * `rua` holds the `mailto:` and `https:` addresses in the order published, percent-encoding kept;
 * never empty. `unsupportedRua` holds addresses with other schemes, which senders skip.
 * `extensions` are fields that are not defined yet; senders ignore them. `warnings` are what some
 * senders stumble over although the grammar allows it.
 *
 * RFC 8460 §3
 */
export type TlsRptRecord = {
  rua: string[];
  unsupportedRua: string[];
  extensions: { name: string; value: string }[];
  warnings: TlsRptRecordWarning[];
};

/**
 * What some sender stumbles over in a record that the grammar allows, with a sentence for the owner.
 *
 * - `space-before-semicolon`: a blank before the first `;`: some senders look for exactly `v=TLSRPTv1;`
 * - `repeated-rua`: several `rua=` fields: some senders read only one of them
 * - `unsupported-scheme`: an address is neither mailto: nor https:, so that senders skip it
 * - `repeated-address`: the same address twice: some senders send every report twice
 *
 * RFC 8460 §3
 */
export type TlsRptRecordWarning = {
  code: "space-before-semicolon" | "repeated-rua" | "unsupported-scheme" | "repeated-address";
  message: string;
};

/** What `parseTlsRptRecord` answers; `problem` is a sentence for the domain's owner. RFC 8460 §3 */
export type TlsRptRecordResult =
  | ({ ok: true } & TlsRptRecord)
  | { ok: false; code: TlsRptRecordProblemCode; problem: string };

const VERSION = "v=TLSRPTv1";
const EXTENSION = /^([A-Za-z0-9][A-Za-z0-9_.-]{0,31})=([\x21-\x3a\x3c\x3e-\x7e]+)$/;
const URI = /^([A-Za-z][A-Za-z0-9+.-]*):(?:[A-Za-z0-9._~:/?#[\]@!$&'()*+=-]|%[0-9A-Fa-f]{2})+$/;

/**
 * Reads the text of one `_smtp._tls` TXT record, its strings already joined without spaces.
 *
 * The version is case-sensitive and comes first; other fields come in any order. Several `rua=`
 * fields count as one list. Spaces and tabs around `;` and `,` and at the end are allowed; an empty
 * field is not, but one final `;` is. Never throws.
 *
 * RFC 8460 §3
 */
export function parseTlsRptRecord(text: string): TlsRptRecordResult {
  const [version = "", ...fields] = text.split(";").map(trimSpaces);
  if (version !== VERSION || !text.startsWith(VERSION)) {
    return { ok: false, code: "not-tlsrpt", problem: `The record must start with "${VERSION};".` };
  }
  if (fields.at(-1) === "") fields.pop();

  const record: TlsRptRecord = { rua: [], unsupportedRua: [], extensions: [], warnings: [] };
  let ruaFields = 0;
  for (const field of fields) {
    if (field.startsWith("rua=")) {
      ruaFields++;
      for (const uri of field.slice("rua=".length).split(",").map(trimSpaces)) {
        const problem = findUriProblem(uri);
        if (problem !== undefined) return { ok: false, code: "bad-rua", problem };
        (isSupported(uri) ? record.rua : record.unsupportedRua).push(uri);
      }
      continue;
    }
    const [, name, value] = EXTENSION.exec(field) ?? [];
    if (name === undefined || value === undefined) {
      return { ok: false, code: "bad-field", problem: `${quote(field)} is not a name=value field.` };
    }
    record.extensions.push({ name, value });
  }

  if (ruaFields === 0) {
    return {
      ok: false,
      code: "missing-rua",
      problem: 'The record has no "rua=" field with an address for reports.',
    };
  }
  if (record.rua.length === 0) {
    return {
      ok: false,
      code: "unsupported-rua",
      problem: "Reports can only be sent to mailto: and https: addresses.",
    };
  }
  const hasSpace = /^[^;]*[ \t];/.test(text);
  return { ok: true, ...record, warnings: listWarnings(record, { ruaFields, hasSpace }) };
}

function listWarnings(
  { rua, unsupportedRua }: TlsRptRecord,
  { ruaFields, hasSpace }: { ruaFields: number; hasSpace: boolean },
): TlsRptRecordWarning[] {
  const warnings: TlsRptRecordWarning[] = [];
  if (hasSpace) {
    const message = "There is a space before the first semicolon; some senders then discard the record.";
    warnings.push({ code: "space-before-semicolon", message });
  }
  if (ruaFields > 1) {
    const message = `The record has ${ruaFields} rua fields; some senders read only one. Put all addresses into one, with commas.`;
    warnings.push({ code: "repeated-rua", message });
  }
  if (unsupportedRua.length > 0) {
    const message = `Senders skip ${quote(unsupportedRua.join(", "))}: reports go to mailto: and https: addresses only.`;
    warnings.push({ code: "unsupported-scheme", message });
  }
  if (new Set(rua.map((uri) => uri.toLowerCase())).size < rua.length) {
    warnings.push({ code: "repeated-address", message: "The same address is listed more than once." });
  }
  return warnings;
}

function findUriProblem(uri: string): string | undefined {
  if (uri === "") return 'The "rua=" field has an empty address.';
  if (uri.includes("!")) return `${quote(uri)} contains "!", which must be written %21.`;
  if (!URI.test(uri)) return `${quote(uri)} is not a mailto: or https: address.`;
  if (/^mailto:/i.test(uri) && !/^mailto:[^@?]+@[^@?]/i.test(uri))
    return `${quote(uri)} has no mail address.`;
  if (/^https:/i.test(uri) && !/^https:\/\/[^/?#]/i.test(uri)) return `${quote(uri)} has no host name.`;
  return undefined;
}

function isSupported(uri: string): boolean {
  return /^(?:mailto|https):/i.test(uri);
}

// Only space and tab are WSP (RFC 5234 §B.1); `trim()` would also accept a no-break space pasted from a web page.
function trimSpaces(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
