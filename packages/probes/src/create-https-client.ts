import { isIP } from "node:net";
import { type ConnectFailure, connectToHost } from "./connect-to-host.ts";
import type { AddressGuard } from "./create-address-guard.ts";
import type { Resolver } from "./create-resolver.ts";
import type { CertificateFault } from "./describe-certificate.ts";
import {
  exchangeOverHttp,
  type HttpExchange,
  type HttpFailure,
  type HttpHeaders,
} from "./exchange-over-http.ts";
import { startTls, type TlsFailure } from "./start-tls.ts";

/** Why an address on the web gave no answer. `bad-url` is what we never ask. */
export type HttpsFailure =
  | "bad-url"
  | "too-many-redirects"
  | ConnectFailure
  | TlsFailure
  | CertificateFault
  | HttpFailure;

/** What is asked. Only a request without body and without `authorization` follows redirects. */
export type HttpsRequest = {
  readonly url: string;
  readonly headers?: HttpHeaders;
  /** Makes it a POST. */
  readonly body?: string | undefined;
};

/** An answer of any status, or why there is none, in words for the person who entered the address. */
export type HttpsAnswer = HttpExchange | { readonly missing: HttpsFailure; readonly detail: string };

/** Asks addresses that strangers chose. */
export type HttpsClient = { send(request: HttpsRequest): Promise<HttpsAnswer> };

export type HttpsClientOptions = {
  readonly resolver: Resolver;
  readonly guard: AddressGuard;
  /** Trusted besides the usual roots. */
  readonly caPem?: string | undefined;
  /** For everything together, redirects too; 10 s unless given. */
  readonly timeoutMs?: number | undefined;
  /** Of one answer's body; 256 KiB unless given. */
  readonly maxBytes?: number | undefined;
};

const MAX_REDIRECTS = 3;
const MAX_URL_CHARACTERS = 2_048;
const REDIRECTS = [301, 302, 303, 307, 308];

/**
 * A client for addresses that a customer or a stranger names: https only, by host name, never to an address that the guard refuses,
 * whatever the name, a redirect or a change of DNS in between says.
 *
 * TLS 1.2 or newer with a trusted certificate of that name; at most three redirects, each judged again; bounded in size and time; no cookies, nothing is
 * decompressed. Never throws.
 */
export function createHttpsClient(options: HttpsClientOptions): HttpsClient {
  const { timeoutMs = 10_000 } = options;
  return {
    send: async (request) => {
      const deadline = AbortSignal.timeout(timeoutMs);
      const mayFollow = request.body === undefined && request.headers?.authorization === undefined;
      let { url } = request;
      for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
        const answer = await askOnce({ ...options, timeoutMs }, { ...request, url }, deadline);
        if ("missing" in answer || !mayFollow || !REDIRECTS.includes(answer.status)) return answer;
        const target = URL.parse(answer.headers.location ?? "", url);
        if (!target) return { missing: "bad-url", detail: "It redirects to what is no address" };
        url = target.href;
      }
      return { missing: "too-many-redirects", detail: `More than ${MAX_REDIRECTS} redirects` };
    },
  };
}

async function askOnce(
  { resolver, guard, caPem, maxBytes = 262_144, timeoutMs }: HttpsClientOptions & { timeoutMs: number },
  { url: text, headers, body }: HttpsRequest,
  deadline: AbortSignal,
): Promise<HttpsAnswer> {
  const url = text.length > MAX_URL_CHARACTERS ? null : URL.parse(text);
  const problem = url ? findUrlProblem(url) : "This is not an address on the web";
  if (!url || problem !== undefined) return { missing: "bad-url", detail: problem ?? "" };
  const { hostname: host } = url;
  const port = Number(url.port || 443);
  const addressTimeoutMs = timeoutMs / 2;
  const connection = await connectToHost({ host, port, resolver, guard, deadline, addressTimeoutMs });
  if ("missing" in connection) return { missing: connection.missing, detail: connection.detail };
  const tls = await startTls({ socket: connection.connected, host, deadline, caPem });
  if ("missing" in tls) return tls;
  const { socket, fault } = tls.started;
  if (fault) {
    socket.destroy();
    return { missing: fault.fault, detail: fault.detail };
  }
  return exchangeOverHttp({
    socket,
    host: url.host,
    path: url.pathname + url.search,
    method: body === undefined ? "GET" : "POST",
    headers: { accept: "application/json", "accept-encoding": "identity", ...headers },
    body,
    maxBytes,
    deadline,
  });
}

/** The URL parser writes every form of an IPv4 address (2130706433, 0177.0.0.1, 0x7f.1) as dotted decimal. */
function findUrlProblem({ protocol, username, password, hostname }: URL): string | undefined {
  if (protocol !== "https:") return `Only https is asked, not ${protocol.slice(0, -1)}`;
  if (username !== "" || password !== "") return "An address with a user name in it is not asked";
  if (isIP(hostname) !== 0 || hostname.startsWith("[")) return "Name the host, not its IP address";
  return undefined;
}
