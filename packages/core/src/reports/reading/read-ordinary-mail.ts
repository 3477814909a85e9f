import type { MailPart } from "./read-mail-parts.ts";

const MAX_MAIL_BYTES = 5 * 1024 * 1024;
const MAX_HEADER_CHARS = 64 * 1024;
const MAX_PARTS = 8;
const REPORT_TYPES = new Set([
  "application/tlsrpt+gzip",
  "application/tlsrpt+json",
  "application/gzip",
  "application/x-gzip",
  "application/json",
  "application/octet-stream",
  "application/zip",
]);

type Fields = Map<string, string>;

/**
 * The parts of a mail that could be a report, where the mail has the shape nearly all report mails have: one multipart of
 * plain text and of attachments in clean base64.
 *
 * `undefined` for any other mail, however slight the doubt; then `readMailParts` has to look. Where this answers, the reports found are
 * the same. It is some twenty times faster.
 *
 * RFC 8460 §5.3
 */
export function readOrdinaryMail(mail: Buffer): MailPart[] | undefined {
  if (mail.length > MAX_MAIL_BYTES) return undefined;
  const text = mail.toString("latin1");
  if (!hasOnlyWholeLineEnds(text)) return undefined;
  const root = readFields(text, 0);
  if (root?.fields.size !== 1) return undefined;
  const contentType = readHeaderValue(root.fields.get("content-type") ?? "");
  const boundary = contentType?.parameters.get("boundary");
  if (!boundary || !/^multipart\/(?:report|mixed)$/.test(contentType?.value ?? "") || boundary.endsWith(" "))
    return undefined;
  const bodies = splitBodies(text, root.end, boundary);
  if (!bodies) return undefined;
  const parts: MailPart[] = [];
  for (const [start, end] of bodies) {
    const part = readPart(text, start, end);
    if (part === undefined) return undefined;
    if (part !== "text") parts.push(part);
  }
  return parts;
}

/** Whether every CR is before an LF and every LF after a CR. By search, which is several times faster than a pattern. */
function hasOnlyWholeLineEnds(text: string): boolean {
  let at = 0;
  for (let cr = text.indexOf("\r"); cr >= 0; cr = text.indexOf("\r", at)) {
    const lf = text.indexOf("\n", at);
    if (lf !== cr + 1) return false;
    at = lf + 1;
  }
  return text.indexOf("\n", at) < 0;
}

/** Fields up to the empty line, by lower-case name; not answered when one that matters is there twice. */
function readFields(text: string, start: number): { fields: Fields; end: number } | undefined {
  const end = text.indexOf("\r\n\r\n", start);
  if (end < 0 || end - start > MAX_HEADER_CHARS) return undefined;
  const fields: Fields = new Map();
  const unfolded = text.slice(start, end).replaceAll(/\r\n[ \t]+/g, " ");
  for (const line of unfolded.split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon <= 0) return undefined;
    const name = line.slice(0, colon).toLowerCase();
    if (!name.startsWith("content-")) continue;
    if (fields.has(name)) return undefined;
    fields.set(name, line.slice(colon + 1).trim());
  }
  return { fields, end: end + 4 };
}

type HeaderValue = { value: string; parameters: Map<string, string> };

const PARAMETER =
  /[ \t]*;[ \t]*([\w-]{1,40})=(?:"([ !\x23-\x5b\x5d-\x7e]{0,500})"|([\w!#$%&'+./:^`{|}~-]{1,500}))/y;

/** A value with parameters, all of them in the plainest form, none twice; `undefined` for any other. */
function readHeaderValue(text: string): HeaderValue | undefined {
  const [value = ""] = /^[\w.+/-]{1,100}/.exec(text) ?? [];
  const parameters = new Map<string, string>();
  PARAMETER.lastIndex = value.length;
  let end = value.length;
  for (let match = PARAMETER.exec(text); match; match = PARAMETER.exec(text)) {
    const [, name = "", quoted, bare = ""] = match;
    const content = quoted ?? bare;
    if (parameters.has(name.toLowerCase()) || content.includes("=?")) return undefined;
    parameters.set(name.toLowerCase(), content);
    end = PARAMETER.lastIndex;
  }
  return value !== "" && /^[ \t]*;?[ \t]*$/.test(text.slice(end, end + 100)) && text.length < end + 100
    ? { value: value.toLowerCase(), parameters }
    : undefined;
}

/** Where the parts between the boundaries begin and end; the last boundary must be there. */
function splitBodies(text: string, from: number, boundary: string): [number, number][] | undefined {
  const delimiter = `\r\n--${boundary}`;
  const bodies: [number, number][] = [];
  // The body may begin with a boundary at once: the line end before it is that of the header.
  let at = text.indexOf(delimiter, from - 2);
  while (at >= 0 && bodies.length <= MAX_PARTS) {
    const after = at + delimiter.length;
    if (text.startsWith("--", after)) return isEnd(text, after + 2) && bodies.length > 0 ? bodies : undefined;
    if (!text.startsWith("\r\n", after)) return undefined;
    const next = text.indexOf(delimiter, after);
    if (next < 0) return undefined;
    bodies.push([after + 2, next]);
    at = next;
  }
  return undefined;
}

/** Nothing but empty lines may follow. */
function isEnd(text: string, at: number): boolean {
  return /^(?:\r\n)*$/.test(text.slice(at, at + 100)) && text.length < at + 100;
}

function readPart(text: string, start: number, end: number): MailPart | "text" | undefined {
  const head = readFields(text, start);
  if (!head || head.end > end) return undefined;
  const { fields } = head;
  const contentType = readHeaderValue(fields.get("content-type") ?? "");
  const disposition = readHeaderValue(fields.get("content-disposition") ?? "attachment");
  if (!contentType || !disposition) return undefined;
  const encoding = (fields.get("content-transfer-encoding") ?? "7bit").toLowerCase();
  if (contentType.value === "text/plain") {
    const isPlain = /^(?:7bit|8bit|quoted-printable)$/.test(encoding) && !fields.has("content-disposition");
    return isPlain && !contentType.parameters.has("name") && isProse(text, head.end, end)
      ? "text"
      : undefined;
  }
  if (!REPORT_TYPES.has(contentType.value) || encoding !== "base64") return undefined;
  const bytes = decodeCleanBase64(text.slice(head.end, end));
  const fileName = disposition.parameters.get("filename") || contentType.parameters.get("name") || null;
  return bytes && { contentType: contentType.value, fileName, isBody: false, bytes };
}

/** Words, that is: nothing in it that could be a report, in JSON, base64 or uuencode. */
function isProse(text: string, start: number, end: number): boolean {
  if (/\{|H4sI|UEsD|\nbegin/.test(text.slice(start, end))) return false;
  return /^\s*(?:[A-Za-z]{1,20}[ ,.:\r\n]|$)/.test(text.slice(start, Math.min(end, start + 200)));
}

/** Decodes base64 in whole lines of one length, without anything else in it; `undefined` for any other. */
function decodeCleanBase64(body: string): Buffer | undefined {
  const end = body.endsWith("\r\n") ? body.trimEnd().length : body.length;
  const firstLine = body.indexOf("\r\n");
  const lineChars = firstLine < 0 || firstLine > end ? end : firstLine;
  let chars = lineChars;
  for (let at = lineChars; at < end; at += lineChars + 2) {
    if (body[at] !== "\r" || body[at + 1] !== "\n") return undefined;
    chars += Math.min(lineChars, end - at - 2);
  }
  const padding = body[end - 1] !== "=" ? 0 : body[end - 2] !== "=" ? 1 : 2;
  const bytes = Buffer.from(body, "base64");
  // The decoder passes over what is no base64 and ends at a "=": then it comes out shorter. "-" and "_" it takes for base64, too.
  const isClean = bytes.length === (chars / 4) * 3 - padding && !/[-_]/.test(body);
  return isClean ? bytes : undefined;
}
