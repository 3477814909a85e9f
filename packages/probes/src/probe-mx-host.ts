import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { type ConnectFailure, connectToHost } from "./connect-to-host.ts";
import type { AddressGuard } from "./create-address-guard.ts";
import type { NetworkGate } from "./create-network-gate.ts";
import type { Resolver } from "./create-resolver.ts";
import type { CertificateFacts, CertificateFault } from "./describe-certificate.ts";
import { nameDefaultCertificate } from "./name-default-certificate.ts";
import { openSmtpDialogue, type SmtpDialogue } from "./open-smtp-dialogue.ts";
import { startTls, type TlsFailure } from "./start-tls.ts";

/**
 * Why mail cannot go to an MX host over TLS. `smtp-refused` is a greeting or EHLO that is not welcome, `smtp-failed` a server that
 * breaks off or does not speak SMTP.
 */
export type MxProbeFailure =
  | ConnectFailure
  | TlsFailure
  | "smtp-refused"
  | "smtp-failed"
  | "starttls-not-offered"
  | "starttls-refused";

/** A TLS session with the MX host, good or with the `fault` of its certificate, or why there was none. */
export type MxProbe =
  | {
      readonly found: {
        readonly tlsVersion: string;
        readonly cipher: string;
        readonly certificate: CertificateFacts | undefined;
        readonly fault: { readonly fault: CertificateFault; readonly detail: string } | undefined;
        readonly greeting: string;
        readonly address: string;
        readonly addresses: readonly string[];
        readonly durationMs: number;
      };
    }
  | {
      readonly missing: MxProbeFailure;
      readonly detail: string;
      /** First line of the greeting, `undefined` when none came. */
      readonly greeting: string | undefined;
      /** The address that took the connection, `undefined` when none did. */
      readonly address?: string | undefined;
      /** Our own line has no way there, which says nothing of the host. */
      readonly isNoRoute?: boolean | undefined;
      /** It was not tried, because too many of our own probes ran at once. */
      readonly isBusy?: boolean | undefined;
      readonly addresses: readonly string[];
      readonly durationMs: number;
    };

export type ProbeMxHostOptions = {
  readonly mxHost: string;
  readonly resolver: Resolver;
  readonly guard: AddressGuard;
  /** Said in EHLO. */
  readonly heloName: string;
  /** 25 unless given. */
  readonly port?: number | undefined;
  /** For everything together; 15 s unless given. */
  readonly timeoutMs?: number | undefined;
  /** Trusted besides the usual roots. */
  readonly caPem?: string | undefined;
  /** The only one of the host's addresses to connect to; the guard sees it. */
  readonly onlyAddress?: string | undefined;
  /** Signature algorithms to offer, for asking for one kind of certificate; in OpenSSL's form. */
  readonly sigalgs?: string | undefined;
  /** Whom to write to about these connections; said as the argument of a NOOP. */
  readonly contact?: string | undefined;
  /** As in `connectToHost`. */
  readonly gate?: NetworkGate | undefined;
};

const MAX_GREETING_LENGTH = 200;
const MAX_SECOND_LOOK_MS = 3_000;

/**
 * Connects to an MX host as a sender does, up to and including the TLS handshake, and leaves without a message.
 *
 * The first address that takes the connection is the one judged. Anything the server sends between its STARTTLS reply and the
 * handshake is a failure. Never throws.
 *
 * RFC 8461 §4.2, RFC 3207 §4
 */
export async function probeMxHost(options: ProbeMxHostOptions): Promise<MxProbe> {
  const { mxHost, resolver, guard, caPem, port = 25, timeoutMs = 15_000, onlyAddress, sigalgs } = options;
  const startedAt = performance.now();
  const deadline = AbortSignal.timeout(timeoutMs);
  const addressTimeoutMs = timeoutMs / 2;
  const connection = await connectToHost({
    host: mxHost,
    port,
    resolver,
    guard,
    deadline,
    addressTimeoutMs,
    onlyAddress,
    gate: options.gate,
  });
  const { addresses } = connection;
  const durationMs = () => Math.round(performance.now() - startedAt);
  if ("missing" in connection) {
    const { missing, detail, isNoRoute, isBusy } = connection;
    const why = { isNoRoute, ...(isBusy && { isBusy }) };
    return { missing, detail, greeting: undefined, ...why, addresses, durationMs: durationMs() };
  }
  const { connected: socket, address } = connection;
  const asked = await askForTls(socket, options.heloName, deadline);
  const greeting = asked.greeting?.slice(0, MAX_GREETING_LENGTH);
  const tls = "missing" in asked ? asked : await startTls({ socket, host: mxHost, deadline, caPem, sigalgs });
  const withoutName = () => presentedWithoutName({ ...options, port }, address, deadline);
  if ("missing" in tls) {
    socket.destroy();
    const detail = "missing" in asked ? tls.detail : await nameDefaultCertificate(tls, withoutName);
    return { missing: tls.missing, detail, greeting, address, addresses, durationMs: durationMs() };
  }
  const { tlsVersion, cipher, certificate, fault } = tls.started;
  leave(tls.started.socket, options.contact);
  const explain = async ({ fault: missing, detail }: NonNullable<typeof fault>) => ({
    fault: missing,
    detail: await nameDefaultCertificate({ missing, detail, certificate }, withoutName),
  });
  return {
    found: {
      tlsVersion,
      cipher,
      certificate,
      fault: fault && (await explain(fault)),
      greeting: greeting ?? "",
      address,
      addresses,
      durationMs: durationMs(),
    },
  };
}

/**
 * Says goodbye, so that the server does not log a broken connection. The argument of a NOOP is logged by some servers and ignored by
 * all. RFC 5321 §4.1.1.9
 */
function leave(socket: TLSSocket, contact: string | undefined): void {
  socket.end(contact === undefined ? "QUIT\r\n" : `NOOP ${contact}\r\nQUIT\r\n`);
  socket.destroySoon();
}

/** The certificate that the same server presents to a client that sends no SNI, if it presents any. */
async function presentedWithoutName(
  {
    mxHost,
    port,
    resolver,
    guard,
    heloName,
    caPem,
    sigalgs,
    gate,
    contact,
  }: ProbeMxHostOptions & {
    port: number;
  },
  address: string,
  deadline: AbortSignal,
): Promise<CertificateFacts | undefined> {
  // Asked for one kind of certificate only: a failure just means that the server has none of that kind.
  if (sigalgs !== undefined) return undefined;
  const connection = await connectToHost({
    ...{ host: mxHost, port, resolver, guard, deadline, gate },
    onlyAddress: address,
    addressTimeoutMs: MAX_SECOND_LOOK_MS,
  });
  if ("missing" in connection) return undefined;
  const { connected: socket } = connection;
  const asked = await askForTls(socket, heloName, deadline);
  const tls =
    "missing" in asked ? asked : await startTls({ socket, host: mxHost, deadline, caPem, withoutName: true });
  if ("missing" in tls) {
    socket.destroy();
    return undefined;
  }
  leave(tls.started.socket, contact);
  return tls.started.certificate;
}

type AskedForTls =
  | { readonly greeting: string }
  | { readonly missing: MxProbeFailure; readonly detail: string; readonly greeting: string | undefined };

async function askForTls(socket: Socket, heloName: string, deadline: AbortSignal): Promise<AskedForTls> {
  const dialogue = openSmtpDialogue(socket, deadline);
  try {
    return await greetAndAsk(dialogue, heloName);
  } finally {
    dialogue.release();
  }
}

async function greetAndAsk(dialogue: SmtpDialogue, heloName: string): Promise<AskedForTls> {
  const welcome = await dialogue.ask(undefined);
  if ("missing" in welcome) return { ...welcome, greeting: undefined };
  const greeting = welcome.lines[0] ?? "";
  const refuse = (missing: MxProbeFailure, detail: string): AskedForTls => ({ missing, detail, greeting });
  if (welcome.code !== 220)
    return refuse("smtp-refused", `The greeting is ${welcome.code} ${greeting}`.slice(0, 300));
  const hello = await dialogue.ask(`EHLO ${heloName}`);
  if ("missing" in hello) return { ...hello, greeting };
  if (hello.code !== 250) {
    return refuse("smtp-refused", `EHLO is answered ${hello.code} ${hello.lines[0] ?? ""}`.slice(0, 300));
  }
  if (!hello.lines.slice(1).some((line) => /^starttls\b/i.test(line))) {
    return refuse("starttls-not-offered", "STARTTLS is not among the extensions offered");
  }
  const ready = await dialogue.ask("STARTTLS");
  if ("missing" in ready) return { ...ready, greeting };
  if (ready.code !== 220) {
    return refuse(
      "starttls-refused",
      `STARTTLS is answered ${ready.code} ${ready.lines[0] ?? ""}`.slice(0, 300),
    );
  }
  // What comes in the clear after this reply would be read as if it had come over TLS.
  if (dialogue.hasMore()) return refuse("smtp-failed", "The server sent more after its STARTTLS reply");
  return { greeting };
}
