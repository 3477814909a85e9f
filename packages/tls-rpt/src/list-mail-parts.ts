/** A leaf of a mail, its transfer encoding undone; `contentType` is lower-case without parameters. */
export type MailLeaf = {
  readonly contentType: string;
  readonly fileName: string | null;
  readonly bytes: Uint8Array<ArrayBuffer>;
};

type Header = { readonly fields: ReadonlyMap<string, string>; readonly bodyAt: number };

const MAX_PARTS = 100;
const MAX_DEPTH = 10;
const EQUALS = 0x3d;

/** Bytes as a string of the same length, one character each, so that places in the text are places in the mail. */
const toBinary = (bytes: Uint8Array) => new TextDecoder("latin1").decode(bytes);

/**
 * The leaves of a mail in their order, also of mails inside it: at most 100, at most 10 deep; what is beyond is left out.
 *
 * `subject` is the mail's own, unfolded, not decoded. Never throws.
 *
 * RFC 8460 §5.3
 */
export function listMailParts(mail: Uint8Array<ArrayBuffer>): { subject: string; parts: MailLeaf[] } {
  const text = toBinary(mail);
  const parts: MailLeaf[] = [];
  const { fields } = readHeader(text, 0);
  collect({ text, mail, start: 0, end: text.length, depth: 0, parts });
  return { subject: fields.get("subject") ?? "", parts };
}

type Piece = {
  text: string;
  mail: Uint8Array<ArrayBuffer>;
  start: number;
  end: number;
  depth: number;
  parts: MailLeaf[];
};

function collect(piece: Piece): void {
  const { text, mail, end, depth, parts } = piece;
  if (parts.length >= MAX_PARTS || depth > MAX_DEPTH) return;
  const { fields, bodyAt: start } = readHeader(text, piece.start, end);
  const type = fields.get("content-type") ?? "text/plain";
  const contentType = (type.split(";", 1)[0] ?? "").trim().toLowerCase();
  const boundary = contentType.startsWith("multipart/") ? readParameter(type, "boundary") : null;
  if (boundary) {
    for (const [from, to] of splitAtBoundary(text, start, end, boundary))
      collect({ ...piece, start: from, end: to, depth: depth + 1 });
    return;
  }
  const encoding = (fields.get("content-transfer-encoding") ?? "").trim().toLowerCase();
  const isMail = contentType === "message/rfc822";
  if (isMail && (encoding === "" || /^(?:7bit|8bit|binary)$/.test(encoding))) {
    collect({ ...piece, start, depth: depth + 1 });
    return;
  }
  const fileName =
    readParameter(fields.get("content-disposition") ?? "", "filename") ?? readParameter(type, "name");
  const bytes = decode(mail.subarray(start, end), encoding);
  parts.push({ contentType, fileName, bytes });
}

/** The header fields from `at` on, names in lower case, values unfolded; the first of a repeated one counts. */
function readHeader(text: string, at: number, end = text.length): Header {
  const fields = new Map<string, string>();
  let next = at;
  let name = "";
  while (next < end) {
    const lineEnd = endOfLine(text, next, end);
    const line = text.slice(next, lineEnd).replace(/\r?\n$/, "");
    next = lineEnd;
    if (line === "") break;
    const field = /^([!-9;-~]{1,100}):(.*)$/.exec(line);
    if (/^[ \t]/.test(line) && name) fields.set(name, `${fields.get(name)} ${line.trim()}`.slice(0, 4_000));
    else if (field) {
      name = (field[1] ?? "").toLowerCase();
      if (fields.has(name)) name = "";
      else fields.set(name, (field[2] ?? "").trim());
    }
  }
  return { fields, bodyAt: next };
}

function endOfLine(text: string, from: number, end: number): number {
  const found = text.indexOf("\n", from);
  return found < 0 || found >= end ? end : found + 1;
}

/** RFC 2045 §5.1, and the parts of a long value that RFC 2231 §3 numbers. */
function readParameter(value: string, name: string): string | null {
  const single = new RegExp(
    `;\\s{0,20}${name}\\s{0,5}=\\s{0,5}(?:"([^"]{0,500})"|([^\\s;"]{1,500}))`,
    "i",
  ).exec(value);
  if (single) return single[1] ?? single[2] ?? null;
  let whole = "";
  for (let index = 0; index < 20; index++) {
    const part = new RegExp(
      `;\\s{0,20}${name}\\*${index}\\*?=(?:"([^"]{0,500})"|([^\\s;"]{1,500}))`,
      "i",
    ).exec(value);
    if (!part) break;
    whole += part[1] ?? part[2] ?? "";
  }
  const extended = new RegExp(`;\\s{0,20}${name}\\*=[^']{0,40}'[^']{0,40}'([^\\s;]{1,500})`, "i").exec(value);
  return whole || (extended?.[1] ?? null);
}

/** Start and end of each part. RFC 2046 §5.1.1 */
function splitAtBoundary(text: string, start: number, end: number, boundary: string): [number, number][] {
  const ranges: [number, number][] = [];
  const mark = `--${boundary}`;
  let from = -1;
  for (let at = text.indexOf(mark, start); at >= 0 && at < end; at = text.indexOf(mark, at + mark.length)) {
    if (at > start && text[at - 1] !== "\n") continue;
    const after = text.slice(at + mark.length, endOfLine(text, at, end));
    if (!/^(?:--)?[ \t]*\r?\n?$/.test(after)) continue;
    if (from >= 0) ranges.push([from, at - (text.startsWith("\r\n", at - 2) ? 2 : 1)]);
    from = after.startsWith("--") ? -1 : endOfLine(text, at, end);
    if (ranges.length >= MAX_PARTS || after.startsWith("--")) break;
  }
  if (from >= 0) ranges.push([from, end]);
  return ranges.filter(([first, last]) => last >= first);
}

function decode(bytes: Uint8Array<ArrayBuffer>, encoding: string): Uint8Array<ArrayBuffer> {
  if (encoding === "base64") return decodeBase64(toBinary(bytes));
  if (encoding === "quoted-printable") return decodeQuotedPrintable(bytes);
  return bytes;
}

/** Line breaks and other foreign characters are passed over; what follows the padding is not data. RFC 2045 §6.8 */
function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const digits = (text.split("=", 1)[0] ?? "").replace(/[^A-Za-z0-9+/]/g, "");
  const whole = digits.length % 4 === 1 ? digits.slice(0, -1) : digits;
  return fromBinary(atob(whole));
}

/** RFC 2045 §6.7 */
function decodeQuotedPrintable(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const decoded = new Uint8Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    const escaped =
      byte === EQUALS
        ? /^=(?:([0-9A-Fa-f]{2})|[ \t]*\r?\n)/.exec(toBinary(bytes.subarray(at, at + 80)))
        : null;
    if (escaped) at += escaped[0].length - 1;
    if (!escaped) decoded[length++] = byte;
    else if (escaped[1]) decoded[length++] = Number.parseInt(escaped[1], 16);
  }
  return decoded.slice(0, length);
}

function fromBinary(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}
