/** What is sent back. */
export type Answer = {
  status: keyof typeof REASONS;
  /** Latin1, one character per byte. */
  body: string;
  contentType: string;
  allow?: string;
};

const REASONS = {
  200: "OK",
  400: "Bad Request",
  404: "Not Found",
  405: "Method Not Allowed",
  413: "Content Too Large",
  414: "URI Too Long",
  421: "Misdirected Request",
  431: "Request Header Fields Too Large",
  505: "HTTP Version Not Supported",
} as const;

const PLAIN_TEXT = "text/plain; charset=utf-8";

/** 200 with this text. RFC 8461 §3.2 */
export function textAnswer(body: string): Answer {
  return { status: 200, body, contentType: PLAIN_TEXT };
}

/** Anything but 200; the body says the same in words. */
export function refusal(status: Exclude<keyof typeof REASONS, 200>): Answer {
  const answer = { status, body: `${status} ${REASONS[status]}\r\n`, contentType: PLAIN_TEXT };
  return status === 405 ? { ...answer, allow: "GET, HEAD" } : answer;
}

/** The bytes of an answer (latin1). A HEAD answer has every header and no body. RFC 9110 §9.3.2 */
export function formatAnswer(
  answer: Answer,
  { isHead, keepAlive, date }: { isHead: boolean; keepAlive: boolean; date: string },
): string {
  return (
    `HTTP/1.1 ${answer.status} ${REASONS[answer.status]}\r\n` +
    `Date: ${date}\r\n` +
    `Content-Type: ${answer.contentType}\r\n` +
    `Content-Length: ${answer.body.length}\r\n` +
    (answer.allow ? `Allow: ${answer.allow}\r\n` : "") +
    (keepAlive ? "\r\n" : "Connection: close\r\n\r\n") +
    (isHead ? "" : answer.body)
  );
}
