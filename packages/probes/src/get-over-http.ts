import { type ClientRequest, type IncomingMessage, request } from "node:http";
import type { Socket } from "node:net";

/** Why no usable response came. */
export type HttpFailure = "http-redirect" | "http-status" | "http-failed" | "too-large" | "timeout";

/** A response of status 200, its body decoded as UTF-8, or why there is none; `status` is 0 when none came. */
export type HttpResponse =
  | { readonly body: string; readonly bodyBytes: number; readonly headers: HttpHeaders }
  | { readonly missing: HttpFailure; readonly detail: string; readonly status: number };

/** Header fields by lower-case name. */
export type HttpHeaders = Readonly<Record<string, string>>;

type Fail = (missing: HttpFailure, detail: string) => void;
type Resolve = (response: HttpResponse) => void;
type GetOptions = { socket: Socket; host: string; path: string; maxBytes: number; deadline: AbortSignal };

const MAX_HEADER_BYTES = 16_384;

/** Asks for one path over an open connection; nothing but 200 is good, redirects are not followed. RFC 8461 §3.3 */
export async function getOverHttp(options: GetOptions): Promise<HttpResponse> {
  const { socket, host, path, maxBytes, deadline } = options;
  const { promise, resolve } = Promise.withResolvers<HttpResponse>();
  let status = 0;
  const fail: Fail = (missing, detail) => resolve({ missing, detail, status });
  const onAbort = () => fail("timeout", "The answer took too long");
  deadline.addEventListener("abort", onAbort);
  if (deadline.aborted) onAbort();
  const sent: ClientRequest = request({
    createConnection: () => socket,
    path,
    headers: { host, "user-agent": "waxseal-check", accept: "text/plain", connection: "close" },
    maxHeaderSize: MAX_HEADER_BYTES,
  });
  sent.on("error", (error) => fail("http-failed", error.message));
  sent.on("close", () => fail("http-failed", "The server closed the connection without a full answer"));
  sent.on("response", (response) => {
    status = response.statusCode ?? 0;
    readResponse(response, maxBytes, fail, resolve);
  });
  sent.end();
  const result = await promise;
  deadline.removeEventListener("abort", onAbort);
  sent.destroy();
  socket.destroy();
  return result;
}

function readResponse(response: IncomingMessage, maxBytes: number, fail: Fail, resolve: Resolve): void {
  const status = response.statusCode ?? 0;
  const chunks: Buffer[] = [];
  let bodyBytes = 0;
  if (status >= 300 && status < 400) {
    const location = response.headers.location?.slice(0, 200) ?? "nowhere";
    fail("http-redirect", `Status ${status}, redirected to ${location}`);
  } else if (status !== 200) {
    fail("http-status", `Status ${status}`);
  }
  response.on("data", (chunk: Buffer) => {
    bodyBytes += chunk.length;
    if (bodyBytes > maxBytes) fail("too-large", `The answer is larger than ${maxBytes} bytes`);
    else chunks.push(chunk);
  });
  response.on("error", (error) => fail("http-failed", error.message));
  response.on("end", () =>
    resolve({ body: Buffer.concat(chunks).toString("utf8"), bodyBytes, headers: singleHeaders(response) }),
  );
}

function singleHeaders(response: IncomingMessage): HttpHeaders {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return headers;
}
