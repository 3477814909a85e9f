import type { MailPart } from "./read-mail-parts.ts";

const MAX_PIECES = 5;
/** JSON at the start of a line, with a name at once or after a line break. */
const JSON_LINE = /^[ \t]*(?:\[\s*)?\{\s*"/m;
/** Base64 of gzip or zip, or uuencode, at the start of a line, up to the next empty line. */
const PACKED_LINES =
  /^(?:(?:H4sI|UEsD)[\w+/=\r\n]{40,}|begin(?:-base64)? [0-7]{3,4} [^\r\n]{1,200}\r?\n[\s\S]*?^(?:end|====)[ \t]*$)/gm;

/**
 * The pieces of a mail's text that may be a report: pasted JSON, also behind the `>` of a reply, and compressed reports that a mail
 * program put into the text.
 */
export function findInProse({ contentType, bytes }: MailPart): Buffer[] {
  const text = readText(contentType, bytes);
  if (!/[{]|H4sI|UEsD|^begin/m.test(text)) return [];
  const packed = [...text.matchAll(PACKED_LINES)].slice(0, MAX_PIECES).map(([piece]) => Buffer.from(piece));
  const start = text.search(JSON_LINE);
  const json =
    start >= 0 && /"(?:organization-name|policies|report-id)"/.test(text.slice(start))
      ? [text.slice(start).trimStart()]
      : [];
  return [...json.map((piece) => Buffer.from(piece)), ...packed];
}

function readText(contentType: string, bytes: Buffer): string {
  const text = bytes.toString("utf8").replaceAll(/^>[> ]{0,8}/gm, "");
  return contentType === "text/html" ? stripMarkup(text) : text;
}

function stripMarkup(html: string): string {
  const text = html
    .replaceAll(/<br\b[^<>]{0,200}>|<\/(?:p|div|li)>/gi, "\n")
    .replaceAll(/<[^<>]{0,2000}>/g, "");
  return text
    .replaceAll("&quot;", '"')
    .replaceAll("&#34;", '"')
    .replaceAll("&nbsp;", " ")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
