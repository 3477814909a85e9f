import { CHECK_USER_AGENT } from "@waxseal/core/serving";

/** A request as far as this server cares. */
export type PolicyRequest = {
  method: string;
  /** Absolute path without the query; `*` and the authority of CONNECT stay as they are. */
  path: string;
  /** Lower case, without port; undefined only in HTTP/1.0. */
  host: string | undefined;
  /** Whether another request may follow on the connection. */
  keepAlive: boolean;
  /** Sent by a check of ours, or of another installation: not by a mail server. */
  isCheck: boolean;
};

/** What the bytes received so far amount to. */
export type ReadRequest =
  | { state: "incomplete" }
  | { state: "refused"; status: 400 | 413 | 414 | 431 | 505 }
  /** `endsAt`: where the next request begins. */
  | { state: "complete"; request: PolicyRequest; endsAt: number };

/** The longest real request line is 46 bytes; the longest legal host makes it 300. */
const MAX_REQUEST_LINE_BYTES = 2_048;
/** Request line, headers and the empty line. */
export const MAX_HEAD_BYTES = 8_192;
const MAX_HEADERS = 64;
/** Old clients send CRLF after a body. RFC 9112 §2.2 */
const MAX_LEADING_LINES = 2;

const HEAD_END = "\r\n\r\n";
/** One byte per character: a control character other than tab and line ends, or a CR or LF on its own. */
const FORBIDDEN = /[^\t\r\n\x20-\x7e\x80-\xff]|\r(?!\n)|(?<!\r)\n/;
const REQUEST_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}) ([\x21-\x7e]+) HTTP\/(\d)\.(\d)$/;
const FIELD_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const ABSOLUTE_FORM = /^https?:\/\/([^/?#]*)([^#]*)/i;
/** reg-name or IP literal, and a port that is not looked at. */
const HOST = /^([0-9A-Za-z._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{0,5})?$/;

/**
 * Reads one request from the start of `text` (latin1: one character per byte).
 *
 * Stricter than HTTP asks: no folded lines, no bare line feeds, no bodies. Linear in the size of the text, which the
 * caller keeps near {@link MAX_HEAD_BYTES}. Never throws.
 *
 * RFC 9112 §2.2, §3, §5, §6
 */
export function readRequest(text: string): ReadRequest {
  let start = 0;
  while (start < MAX_LEADING_LINES * 2 && text.startsWith("\r\n", start)) start += 2;
  const end = text.indexOf(HEAD_END, start);
  const lineEnd = text.indexOf("\r\n", start);
  if ((lineEnd < 0 ? text.length : lineEnd) - start > MAX_REQUEST_LINE_BYTES) return refused(414);
  if (end < 0) return text.length - start >= MAX_HEAD_BYTES ? refused(431) : { state: "incomplete" };
  if (end + HEAD_END.length - start > MAX_HEAD_BYTES) return refused(431);

  const head = text.slice(start, end);
  if (FORBIDDEN.test(head)) return refused(400);
  const [requestLine = "", ...fieldLines] = head.split("\r\n");
  if (fieldLines.length > MAX_HEADERS) return refused(431);
  const [, method = "", target = "", major, minor] = REQUEST_LINE.exec(requestLine) ?? [];
  if (!method) return refused(400);
  if (major !== "1") return refused(505);
  const fields = readFields(fieldLines);
  if (!fields) return refused(400);
  if (fields.hasBody) return refused(413);

  const version = minor === "0" ? "1.0" : "1.1";
  const absolute = ABSOLUTE_FORM.exec(target);
  const authority = absolute ? absolute[1] : fields.host;
  if (version === "1.1" && fields.host === undefined) return refused(400);
  const host =
    authority === undefined ? undefined : HOST.exec(authority)?.[1]?.toLowerCase().replace(/\.$/, "");
  if (authority !== undefined && host === undefined) return refused(400);
  const [path = ""] = (absolute ? absolute[2] || "/" : target).split(/[?#]/, 1);
  const keepAlive = version === "1.1" ? !fields.connection.includes("close") : false;
  return {
    state: "complete",
    request: { method, path, host, keepAlive, isCheck: fields.isCheck },
    endsAt: end + HEAD_END.length,
  };
}

type Fields = { host: string | undefined; connection: string[]; hasBody: boolean; isCheck: boolean };

/** Undefined when a line is not a header field, or when a field is there that makes the request ambiguous. */
function readFields(lines: readonly string[]): Fields | undefined {
  const fields: Fields = { host: undefined, connection: [], hasBody: false, isCheck: false };
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(colon, 0));
    if (!FIELD_NAME.test(name)) return undefined;
    const value = line.slice(colon + 1).trim();
    switch (name.toLowerCase()) {
      case "host":
        if (fields.host !== undefined) return undefined;
        fields.host = value;
        break;
      case "connection":
        fields.connection.push(
          ...value
            .toLowerCase()
            .split(",")
            .map((option) => option.trim()),
        );
        break;
      case "user-agent":
        fields.isCheck = value === CHECK_USER_AGENT;
        break;
      case "content-length":
        if (!/^\d{1,15}$/.test(value)) return undefined;
        fields.hasBody ||= Number(value) > 0;
        break;
      case "transfer-encoding":
        fields.hasBody = true;
        break;
    }
  }
  return fields;
}

function refused(status: 400 | 413 | 414 | 431 | 505): ReadRequest {
  return { state: "refused", status };
}
