import { type ClientRequest, type IncomingMessage, request } from "node:http";
import type { Socket } from "node:net";
import { CHECK_USER_AGENT } from "./check-user-agent.ts";
import { explainNetworkError } from "./explain-network-error.ts";

/** Why no usable response came. */
export type HttpFailure = "http-redirect" | "http-status" | "http-failed" | "too-large" | "timeout";

/** Header fields by lower-case name. */
export type HttpHeaders = Readonly<Record<string, string>>;

/** A whole response, its body decoded as UTF-8. */
export type HttpExchange = {
  readonly status: number;
  readonly body: string;
  readonly bodyBytes: number;
  readonly headers: HttpHeaders;
};

/** Why there is none; `status` is 0 when none came. */
export type HttpRefusal = { readonly missing: HttpFailure; readonly detail: string; readonly status: number };

type ExchangeOptions = {
  readonly socket: Socket;
  /** As in the header: with the port unless it is the usual one. */
  readonly host: string;
  readonly path: string;
  readonly method?: "GET" | "POST";
  readonly headers?: HttpHeaders;
  readonly body?: string | undefined;
  readonly maxBytes: number;
  readonly deadline: AbortSignal;
  /** Ends the exchange before the body is read. */
  readonly refuse?: (status: number, location: string | undefined) => Refused | undefined;
};

type Refused = { missing: HttpFailure; detail: string };
type Fail = (refused: Refused) => void;

const MAX_HEADER_BYTES = 16_384;

/** One request and its response over an open connection, which is closed afterwards. Nothing is decompressed. Never throws. RFC 9112 §2.1 */
export async function exchangeOverHttp(options: ExchangeOptions): Promise<HttpExchange | HttpRefusal> {
  const { socket, host, path, method = "GET", headers, body, deadline } = options;
  const { promise, resolve } = Promise.withResolvers<HttpExchange | HttpRefusal>();
  let status = 0;
  const fail: Fail = ({ missing, detail }) => resolve({ missing, detail, status });
  const onAbort = () => fail({ missing: "timeout", detail: "The answer took too long" });
  deadline.addEventListener("abort", onAbort);
  if (deadline.aborted) onAbort();
  const failed = (detail: string) => fail({ missing: "http-failed", detail });
  const sent: ClientRequest = request({
    createConnection: () => socket,
    path,
    method,
    headers: {
      host,
      "user-agent": CHECK_USER_AGENT,
      connection: "close",
      ...headers,
      ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }),
    },
    maxHeaderSize: MAX_HEADER_BYTES,
  });
  sent.on("error", (error) => failed(explainNetworkError(error)));
  sent.on("close", () => failed("The server closed the connection without a full answer"));
  sent.on("response", (response) => {
    status = response.statusCode ?? 0;
    readResponse(response, options, fail, resolve);
  });
  sent.end(body);
  const result = await promise;
  deadline.removeEventListener("abort", onAbort);
  sent.destroy();
  socket.destroy();
  return result;
}

function readResponse(
  response: IncomingMessage,
  { maxBytes, refuse }: ExchangeOptions,
  fail: Fail,
  resolve: (exchange: HttpExchange) => void,
): void {
  const status = response.statusCode ?? 0;
  const refused = refuse?.(status, response.headers.location);
  if (refused) fail(refused);
  const chunks: Buffer[] = [];
  let bodyBytes = 0;
  response.on("data", (chunk: Buffer) => {
    bodyBytes += chunk.length;
    if (bodyBytes > maxBytes)
      fail({ missing: "too-large", detail: `The answer is larger than ${maxBytes} bytes` });
    else chunks.push(chunk);
  });
  response.on("error", (error) => fail({ missing: "http-failed", detail: explainNetworkError(error) }));
  response.on("end", () => {
    const body = Buffer.concat(chunks).toString("utf8");
    resolve({ status, body, bodyBytes, headers: singleHeaders(response) });
  });
}

function singleHeaders(response: IncomingMessage): HttpHeaders {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return headers;
}
