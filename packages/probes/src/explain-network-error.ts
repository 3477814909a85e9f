/** Whether an error says that our own line has no way to an address, which says nothing about the other side. */
export function isNoRoute(error: unknown): boolean {
  return NO_ROUTE.has(codeOf(error));
}

const NO_ROUTE = new Set([
  "ENETUNREACH",
  "EHOSTUNREACH",
  "EADDRNOTAVAIL",
  "EAFNOSUPPORT",
  "ENETDOWN",
  "EHOSTDOWN",
]);
const CLOSED = new Set([
  "ECONNRESET",
  "EPIPE",
  "ECONNABORTED",
  "ERR_STREAM_PREMATURE_CLOSE",
  "ERR_SOCKET_CLOSED",
]);
const BUSY = new Set(["EMFILE", "ENFILE", "ENOBUFS", "EAGAIN"]);

/**
 * What an error of a socket means, in words for the owner of the other side, without a full stop. `place` is an address and port, as far
 * as they are known.
 *
 * Errors of the system, of Node and of OpenSSL name codes and files; none of that reaches a person. Never throws.
 */
export function explainNetworkError(
  error: unknown,
  { address, port }: { address?: string | undefined; port?: number | undefined } = {},
): string {
  const code = codeOf(error);
  const server = address ?? "The server";
  const onPort = port === undefined ? "" : ` on port ${port}`;
  if (code === "ECONNREFUSED") return `${server} refuses connections${onPort}`;
  if (code === "ETIMEDOUT" || nameOf(error) === "TimeoutError") return `${server} does not answer${onPort}`;
  if (NO_ROUTE.has(code)) return `${server} cannot be reached from here`;
  if (CLOSED.has(code)) return `${server} closed the connection`;
  if (BUSY.has(code)) return "We have too many connections open at the moment";
  if (code === "HPE_HEADER_OVERFLOW") return "The answer has too many headers";
  if (code.startsWith("HPE_")) return "The server does not speak HTTP";
  return tlsReason(error) ?? `The connection to ${address ?? "the server"} failed`;
}

/** OpenSSL's reasons and TLS alerts (RFC 8446 §6.2), by what they begin with or contain. */
const TLS_REASONS: [RegExp, string][] = [
  [/unrecognized name/i, "The server has no certificate for this name and refuses it"],
  [
    /wrong version number|http request|packet length too long|record layer failure|unknown protocol|bad record type/i,
    "The server does not speak TLS on this port",
  ],
  [
    /handshake failure|insufficient security|no shared cipher|no suitable|unsupported|illegal parameter/i,
    "The server and we have no TLS settings in common",
  ],
  [/certificate required|bad certificate|certificate unknown/i, "The server asks for a certificate of ours"],
  [/access denied/i, "The server denies access"],
  [/internal error/i, "The server reported an error of its own"],
  [/unexpected eof|close notify/i, "The server closed the connection during the TLS handshake"],
  [
    /decode error|unexpected message|bad (?:record )?mac|decryption failed/i,
    "The server sent a message that breaks the TLS protocol",
  ],
  [/dh key too small|ee key too small|modulus too small/i, "The key of the server is too short"],
];

function tlsReason(error: unknown): string | undefined {
  const text = [reasonOf(error), codeOf(error).replaceAll("_", " ")].join(" ");
  return TLS_REASONS.find(([pattern]) => pattern.test(text))?.[1];
}

/** What a failed TLS handshake means, without a full stop. RFC 8446 §6.2 */
export function explainTlsError(error: unknown): string {
  if (CLOSED.has(codeOf(error))) return "The server closed the connection during the TLS handshake";
  return tlsReason(error) ?? "The TLS handshake failed";
}

function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "";
}

function reasonOf(error: unknown): string {
  return typeof error === "object" && error !== null && "reason" in error ? String(error.reason) : "";
}
