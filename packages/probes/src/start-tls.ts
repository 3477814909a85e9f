import type { Socket } from "node:net";
import { connect, getCACertificates, type TLSSocket } from "node:tls";
import type { CertificateFault } from "./describe-certificate.ts";
import { type CertificateFacts, describeCertificate, findCertificateFault } from "./describe-certificate.ts";
import { explainTlsError } from "./explain-network-error.ts";

/** Why no TLS session came about. */
export type TlsFailure = "tls-failed" | "tls-version-too-old" | "timeout";

/** A TLS session; `fault` is set when senders would not accept the certificate. */
type TlsSession = {
  readonly socket: TLSSocket;
  /** `TLSv1.2` or `TLSv1.3`. */
  readonly tlsVersion: string;
  readonly cipher: string;
  readonly certificate: CertificateFacts | undefined;
  readonly fault: { readonly fault: CertificateFault; readonly detail: string } | undefined;
};

export type StartedTls =
  | { readonly started: TlsSession }
  | { readonly missing: TlsFailure; readonly detail: string };

type StartTlsOptions = {
  socket: Socket;
  host: string;
  deadline: AbortSignal;
  caPem?: string | undefined;
  /** Sends no SNI, to see what a server presents then. */
  withoutName?: boolean | undefined;
  /** Signature algorithms to offer in place of the usual ones, in OpenSSL's form. */
  sigalgs?: string | undefined;
};

/**
 * Shakes hands over an open connection with the host's name as SNI and judges the certificate.
 *
 * TLS 1.2 or newer. A certificate that is not acceptable is reported in `fault` and does not end the session, so that it can be shown.
 * `caPem` is trusted besides the usual roots.
 *
 * RFC 8461 §7.1, §7.2
 */
export async function startTls(options: StartTlsOptions): Promise<StartedTls> {
  const { socket, host, deadline, caPem, withoutName = false, sigalgs } = options;
  const { promise, resolve } = Promise.withResolvers<StartedTls>();
  const onAbort = () => resolve({ missing: "timeout", detail: "The TLS handshake took too long" });
  deadline.addEventListener("abort", onAbort);
  if (deadline.aborted) onAbort();
  const tls = connect({
    socket,
    servername: withoutName ? "" : host,
    ...(sigalgs === undefined ? {} : { sigalgs }),
    minVersion: "TLSv1.2",
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    ...(caPem === undefined ? {} : { ca: [...getCACertificates(), caPem] }),
  });
  tls.on("error", (error) => resolve(describeTlsError(error)));
  tls.once("close", () =>
    resolve({ missing: "tls-failed", detail: "The server closed the connection during the TLS handshake" }),
  );
  tls.once("secureConnect", () =>
    resolve({
      started: {
        socket: tls,
        tlsVersion: tls.getProtocol() ?? "unknown",
        cipher: tls.getCipher().name,
        certificate: describeCertificate(tls),
        fault: findCertificateFault(tls, host),
      },
    }),
  );
  const result = await promise;
  deadline.removeEventListener("abort", onAbort);
  if ("missing" in result) tls.destroy();
  return result;
}

function describeTlsError(error: Error): StartedTls {
  const code = "code" in error ? String(error.code) : "";
  const isVersion = /UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION|WRONG_SSL_VERSION|VERSION_TOO_LOW/.test(code);
  if (isVersion)
    return { missing: "tls-version-too-old", detail: "The server offers nothing newer than TLS 1.1" };
  return { missing: "tls-failed", detail: explainTlsError(error) };
}
