import { findReportEncoding } from "@waxseal/tls-rpt";

/** What some bytes are, by their first bytes. `other` is everything that cannot hold a report, `blank` nothing but spaces. */
export type Content =
  | {
      kind:
        | "json"
        | "gzip"
        | "zip"
        | "mbox"
        | "mail"
        | "base64"
        | "uuencode"
        | "xml"
        | "html"
        | "blank"
        | "other";
    }
  | { kind: "archive" | "document"; name: string };

const SIGNATURES: readonly [hex: string, kind: "archive" | "document", name: string][] = [
  ["377abcaf271c", "archive", "a 7-Zip archive"],
  ["526172211a07", "archive", "a RAR archive"],
  ["425a68", "archive", "compressed with bzip2"],
  ["fd377a585a00", "archive", "compressed with xz"],
  ["28b52ffd", "archive", "compressed with Zstandard"],
  ["04224d18", "archive", "compressed with LZ4"],
  ["1f9d", "archive", "compressed with compress (.Z)"],
  ["4d534346", "archive", "a cabinet (.cab) archive"],
  ["255044462d", "document", "a PDF document"],
  ["d0cf11e0a1b11ae1", "document", "an Outlook message (.msg) or an old Office document"],
  ["89504e47", "document", "a picture"],
  ["ffd8ff", "document", "a picture"],
  ["47494638", "document", "a picture"],
  ["4d5a", "document", "a Windows program"],
];

const TAR_MAGIC_OFFSET = 257;
/** The fields that a mail begins with; "error: …" in a log file is none. */
const MAIL_FIELD =
  /^(?:received|return-path|delivered-to|from|to|cc|subject|date|message-id|mime-version|content-[a-z-]+|dkim-signature|arc-[a-z-]+|authentication-results|sender|reply-to|tls-report-[a-z]+|envelope-to|list-[a-z-]+|x-[a-z0-9-]+)[ \t]*:/im;
/** Base64 of gzip begins with H4sI, of zip with UEsD, of `{` with a name or blanks behind it, or of `[{"`, with one of the others. */
const BASE64 = /^(?:H4sI|UEsD|eyJ|eyA[gi]|ewo[giJ]|ew0K|ewk[JKi]|W3si)/;

/** Recognises what some bytes are by looking at them, never by their name or label. */
export function identifyContent(bytes: Buffer): Content {
  for (const [hex, kind, name] of SIGNATURES) {
    if (bytes.toString("hex", 0, hex.length / 2) === hex) return { kind, name };
  }
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return { kind: "gzip" };
  if (bytes.length > 3 && [0x04034b50, 0x06054b50].includes(bytes.readUInt32LE(0))) return { kind: "zip" };
  if (bytes.toString("latin1", TAR_MAGIC_OFFSET, TAR_MAGIC_OFFSET + 5) === "ustar") {
    return { kind: "archive", name: "a tar archive" };
  }
  return { kind: identifyText(readStart(bytes)) };
}

function identifyText(start: string) {
  if (start === "") return "blank";
  if (isJsonStart(start)) return "json";
  if (start.startsWith("From ")) return "mbox";
  if (BASE64.test(start)) return "base64";
  if (/^begin(?:-base64)? [0-7]{3,4} \S/.test(start)) return "uuencode";
  if (/^<(?:!doctype html|html|head|body|meta|div|p|table)\b/i.test(start)) return "html";
  if (/^<(?:\?xml|feedback)\b/i.test(start)) return "xml";
  if (/^[\x21-\x39\x3b-\x7e]{1,80}[ \t]*:/.test(start) && MAIL_FIELD.test(start)) return "mail";
  return "other";
}

/** An object, or a list of them, perhaps after a record separator. RFC 7464 §2.2 */
function isJsonStart(text: string): boolean {
  return /^(?:\{|\[[\s[]*\{)/.test(text.startsWith("\u001e") ? text.slice(1).trimStart() : text);
}

/** The beginning of a text, decoded, without byte order mark and blanks before it. */
function readStart(bytes: Buffer): string {
  let offset = 0;
  while (offset < bytes.length && isBlank(bytes[offset])) offset++;
  const { name } = findReportEncoding(bytes);
  if (name !== "utf-8") return new TextDecoder(name).decode(bytes.subarray(0, 4_096)).trimStart();
  return bytes
    .toString("utf8", offset, offset + 4_096)
    .replace(/^\ufeff/, "")
    .trimStart();
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

/** Whether nothing but blanks and NULs is in some bytes, as padding is. */
export function isPadding(bytes: Buffer): boolean {
  return bytes.every((byte) => byte <= 0x20);
}
