import { isStorageFull, type TokenOwner } from "@waxseal/core/reports";
import { expectProxyHeaders, type Logger, TLS_GROUPS } from "@waxseal/runtime";
import type {
  SMTPServerAddress,
  SMTPServerDataStream,
  SMTPServerOptions,
  SMTPServerSession,
} from "smtp-server";
import { collectBytes, type Pace } from "./collect-bytes.ts";
import type { BytePool } from "./create-byte-pool.ts";
import type { Gate } from "./create-gate.ts";
import type { Intake } from "./create-intake.ts";
import type { IngestMetrics } from "./ingest-metrics.ts";
import type { IngestStore } from "./ingest-store.ts";
import type { CertificateKeeper } from "./keep-certificates.ts";
import { parseRecipient } from "./parse-recipient.ts";
import { createSharingSmtpServer } from "./share-smtp-server.ts";

export type SmtpListenerDeps = Pace & {
  port: number;
  bindAddress: string;
  reportsDomain: string;
  maxMessageBytes: number;
  maxRecipients: number;
  maxConnections: number;
  maxConnectionsPerAddress: number;
  /** Networks of the fronts that send PROXY v2. */
  proxyProtocolFrom: readonly string[];
  store: IngestStore;
  certificates: CertificateKeeper;
  gate: Gate;
  pool: BytePool;
  intake: Intake;
  metrics: IngestMetrics;
  now(): Date;
  logger: Logger;
};

/** Every answer that is not 250, with its enhanced code (RFC 3463). */
const REPLIES = {
  relay: [550, "5.7.1 We take TLS reports at our own addresses only"],
  unknown: [550, "5.1.1 There is no such report address"],
  tooLarge: [552, "5.3.4 The message is too large for a TLS report"],
  busy: [452, "4.3.1 Too much mail at once, try again later"],
  full: [452, "4.3.1 We have no room for mail right now, try again later"],
  unavailable: [451, "4.3.0 We cannot store mail right now, try again later"],
  tooFast: [450, "4.7.1 Too many messages from your address, try again later"],
  spent: [452, "4.2.2 This report address has had its share of unsigned reports for today, try again later"],
  noise: [554, "5.6.0 There is no TLS report in this message"],
  tooSlow: [421, "4.4.2 The message came too slowly, try again later"],
} as const satisfies Record<string, readonly [number, string]>;

type ReplyName = keyof typeof REPLIES;

const IDLE_TIMEOUT_MS = 60_000;
/** A message too large is read up to this many times its limit, so that its sender gets to the answer; then it is cut off. */
const DRAIN_FACTOR = 2;

/**
 * Takes TLS reports by SMTP, in the clear or after STARTTLS.
 *
 * A recipient is taken only if its token is known, a message is answered with 250 only once it is committed, and
 * nothing is ever passed on or sent back.
 *
 * RFC 8460 §3, §5.3; RFC 5321 §4.5.3.2
 */
export async function startSmtpListener(
  deps: SmtpListenerDeps,
): Promise<{ port: number; stop(): Promise<void> }> {
  const { gate, metrics, store, logger } = deps;
  // Keyed by the envelope: the server makes a new one for every message of a session.
  const ownersOf = new WeakMap<object, Map<string, TokenOwner>>();

  function refuse(name: ReplyName): SmtpRefusal {
    const [responseCode, message] = REPLIES[name];
    metrics.refused.inc({ transport: "smtp", answer: String(responseCode) });
    return Object.assign(new Error(message), { responseCode });
  }

  async function acceptRecipient(recipient: SMTPServerAddress, session: SMTPServerSession): Promise<void> {
    const parsed = parseRecipient(recipient.address, deps.reportsDomain);
    if (parsed === "elsewhere") throw refuse("relay");
    const owner = await orUnavailable(store.findOwner(parsed.token));
    // Only unknown recipients count, and only they are put off: reports from the same address are taken all the while.
    if (!owner) throw refuse(gate.allowStray(session.remoteAddress) ? "unknown" : "tooFast");
    if (!deps.intake.isOpen()) throw refuse("full");
    server.hold(session);
    const owners = ownersOf.get(session.envelope) ?? new Map<string, TokenOwner>();
    ownersOf.set(session.envelope, owners.set(owner.token, owner));
  }

  async function acceptMessage(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<string> {
    const owners = [...(ownersOf.get(session.envelope)?.values() ?? [])];
    const { remoteAddress, envelope } = session;
    server.hold(session);
    const collected = await collectBytes(stream, deps.pool.open(remoteAddress), {
      ...deps,
      maxBytes: deps.maxMessageBytes,
      drainBytes: DRAIN_FACTOR * deps.maxMessageBytes,
    });
    if ("refused" in collected) {
      const refusal = refuse(collected.refused);
      if (!collected.isOver) server.hangUp(session, refusal.responseCode, refusal.message);
      throw refusal;
    }
    try {
      if (!gate.allowMessage(remoteAddress)) throw refuse("tooFast");
      const arrived = { raw: collected.bytes, transport: "smtp", remoteAddress, owners } as const;
      const declined = await deps.intake.decline(arrived);
      if (declined) {
        metrics.declined.inc({ transport: "smtp", reason: declined });
        throw refuse(declined);
      }
      const [id] = await orUnavailable(
        store.receive({
          ...arrived,
          envelopeFrom: envelope.mailFrom ? envelope.mailFrom.address : null,
          contentType: null,
          receivedAt: deps.now(),
        }),
      );
      metrics.accepted.inc({ transport: "smtp" });
      return `2.0.0 Kept as ${id}`;
    } finally {
      collected.release();
    }
  }

  async function orUnavailable<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      logger.warn({ err: error }, "database not available");
      throw refuse(isStorageFull(error) ? "full" : "unavailable");
    }
  }

  const server = createSharingSmtpServer(
    {
      ...serverOptions(deps),
      onRcptTo: (recipient, session, answer) => {
        acceptRecipient(recipient, session).then(() => answer(), answer);
      },
      onData: (stream, session, answer) => {
        acceptMessage(stream, session).then((message) => answer(null, message), answer);
      },
    },
    { ...deps, clientAddressOf: (socket) => clientAddressOf(socket) },
  );
  const clientAddressOf = expectProxyHeaders(server.tcpServer, {
    fronts: deps.proxyProtocolFrom,
    onRefused: () => logger.debug("a front sent no PROXY header"),
  });
  deps.certificates.followDefault(server.useCertificate);
  server.onError((error) => logger.debug({ err: error }, "smtp connection failed"));
  return { port: await server.listen(deps.port, deps.bindAddress), stop: server.stop };
}

type SmtpRefusal = Error & { responseCode: number };

function serverOptions({ certificates, ...deps }: SmtpListenerDeps): SMTPServerOptions {
  return {
    minVersion: "TLSv1.2",
    ecdhCurve: TLS_GROUPS,
    name: deps.reportsDomain,
    banner: "Waxseal, TLS reports only",
    size: deps.maxMessageBytes,
    maxRecipients: deps.maxRecipients,
    maxCommandLength: 2_048,
    socketTimeout: IDLE_TIMEOUT_MS,
    closeTimeout: 3_000,
    disabledCommands: ["AUTH"],
    disableReverseLookup: true,
    hideSMTPUTF8: true,
    SNICallback: (serverName, answer) => answer(null, certificates.contextFor(serverName)),
  };
}
