import { type ConnectFailure, connectToHost } from "./connect-to-host.ts";
import type { AddressGuard } from "./create-address-guard.ts";
import type { Resolver } from "./create-resolver.ts";
import type { CertificateFacts, CertificateFault } from "./describe-certificate.ts";
import type { HttpFailure, HttpHeaders } from "./exchange-over-http.ts";
import { getOverHttp } from "./get-over-http.ts";
import { nameDefaultCertificate } from "./name-default-certificate.ts";
import { startTls, type TlsFailure } from "./start-tls.ts";

/** Why a sender gets no policy. */
export type FetchPolicyFailure = ConnectFailure | TlsFailure | CertificateFault | HttpFailure;

/** What the policy host answered; the body is not judged. */
export type FetchedPolicy =
  | {
      readonly found: {
        readonly body: string;
        readonly bodyBytes: number;
        readonly headers: HttpHeaders;
        /** The header as sent, `undefined` when there was none. */
        readonly contentType: string | undefined;
        readonly certificate: CertificateFacts;
        readonly tlsVersion: string;
        /** The address that answered, and all that DNS gave. */
        readonly address: string;
        readonly addresses: readonly string[];
        readonly durationMs: number;
      };
    }
  | {
      readonly missing: FetchPolicyFailure;
      readonly detail: string;
      /** HTTP status, 0 when it did not come that far. */
      readonly status: number;
      readonly certificate: CertificateFacts | undefined;
      /** The address that took the connection, `undefined` when none did. */
      readonly address?: string | undefined;
      readonly addresses: readonly string[];
      readonly durationMs: number;
      /** Our own line has no way there, which says nothing of the host. */
      readonly isNoRoute?: boolean | undefined;
    };

export type FetchPolicyOptions = {
  readonly domain: string;
  readonly resolver: Resolver;
  readonly guard: AddressGuard;
  /** 443 unless given. */
  readonly httpsPort?: number | undefined;
  /** For everything together; 15 s unless given. */
  readonly timeoutMs?: number | undefined;
  /** 64 KiB unless given. */
  readonly maxBytes?: number | undefined;
  /** Trusted besides the usual roots. */
  readonly caPem?: string | undefined;
  /** Connected to in place of what DNS says, and not shown to the guard: for asking one server of ours. */
  readonly connectAddress?: string | undefined;
  /** The only one of the host's addresses to connect to; the guard sees it. */
  readonly onlyAddress?: string | undefined;
  /** Signature algorithms to offer, for asking for one kind of certificate; in OpenSSL's form. */
  readonly sigalgs?: string | undefined;
};

const NO_CERTIFICATE = { fault: "certificate-not-trusted", detail: "No certificate" } as const;
const MAX_SECOND_LOOK_MS = 3_000;
const POLICY_PATH = "/.well-known/mta-sts.txt";

/** The host that serves a domain's policy. RFC 8461 §3.2 */
export function policyHostOf(domain: string): string {
  return `mta-sts.${domain}`;
}

/**
 * Fetches a domain's policy as a strict sender does, and says what stopped it.
 *
 * TLS 1.2 or newer by the policy host's name, a trusted certificate with that name, status 200, no redirects, bounded size and
 * time. Whether the content type and body are good is left to the caller. Never throws.
 *
 * RFC 8461 §3.3
 */
export async function fetchPolicy(options: FetchPolicyOptions): Promise<FetchedPolicy> {
  const { resolver, guard, caPem, connectAddress, onlyAddress, sigalgs } = options;
  const startedAt = performance.now();
  const durationMs = () => Math.round(performance.now() - startedAt);
  const timeoutMs = options.timeoutMs ?? 15_000;
  const deadline = AbortSignal.timeout(timeoutMs);
  const host = policyHostOf(options.domain);
  const port = options.httpsPort ?? 443;
  const addressTimeoutMs = timeoutMs / 2;
  const connection = await connectToHost({
    host,
    port,
    resolver,
    guard,
    deadline,
    addressTimeoutMs,
    connectAddress,
    onlyAddress,
  });
  const { addresses } = connection;
  const fail = (
    { missing, detail }: { missing: FetchPolicyFailure; detail: string },
    certificate?: CertificateFacts,
    status = 0,
  ): FetchedPolicy => ({
    missing,
    detail,
    status,
    certificate,
    address: "connected" in connection ? connection.address : undefined,
    addresses,
    durationMs: durationMs(),
    isNoRoute: "missing" in connection ? connection.isNoRoute : false,
  });
  if ("missing" in connection) return fail(connection);

  const tls = await startTls({ socket: connection.connected, host, deadline, caPem, sigalgs });
  const withoutName = () => presentedWithoutName(options, connection.address, { host, port, deadline });
  if ("missing" in tls) {
    const { missing, detail } = tls;
    return fail({ missing, detail: await nameDefaultCertificate({ missing, detail }, withoutName) });
  }
  const { socket, certificate, fault, tlsVersion } = tls.started;
  if (fault || !certificate) {
    socket.destroy();
    const { fault: missing, detail: text } = fault ?? NO_CERTIFICATE;
    const detail = await nameDefaultCertificate({ missing, detail: text, certificate }, withoutName);
    return fail({ missing, detail }, certificate);
  }
  const maxBytes = options.maxBytes ?? 65_536;
  const response = await getOverHttp({ socket, host, path: POLICY_PATH, maxBytes, deadline });
  if ("missing" in response) return fail(response, certificate, response.status);
  const { body, bodyBytes, headers } = response;
  const { address } = connection;
  return {
    found: {
      body,
      bodyBytes,
      headers,
      contentType: headers["content-type"],
      certificate,
      tlsVersion,
      address,
      addresses,
      durationMs: durationMs(),
    },
  };
}

/** The certificate that the same server presents to a client that names no host, if it presents any. */
async function presentedWithoutName(
  { resolver, guard, caPem, connectAddress, sigalgs }: FetchPolicyOptions,
  address: string,
  { host, port, deadline }: { host: string; port: number; deadline: AbortSignal },
): Promise<CertificateFacts | undefined> {
  // Asked for one kind of certificate only: a failure just means that the server has none of that kind.
  if (sigalgs !== undefined) return undefined;
  const connection = await connectToHost({
    ...{ host, port, resolver, guard, deadline, connectAddress },
    onlyAddress: address,
    addressTimeoutMs: MAX_SECOND_LOOK_MS,
  });
  if ("missing" in connection) return undefined;
  const tls = await startTls({ socket: connection.connected, host, deadline, caPem, withoutName: true });
  if ("missing" in tls) return undefined;
  tls.started.socket.destroy();
  return tls.started.certificate;
}
