import { AppError } from "@waxseal/core";
import { isStorageFull, type TokenOwner } from "@waxseal/core/reports";
import type { Logger } from "@waxseal/runtime";
import {
  SMTPServer,
  type SMTPServerAddress,
  type SMTPServerDataStream,
  type SMTPServerSession,
} from "smtp-server";
import { collectBytes } from "./collect-bytes.ts";
import type { Gate } from "./create-gate.ts";
import type { IngestMetrics } from "./ingest-metrics.ts";
import type { IngestStore } from "./ingest-store.ts";
import type { CertificateKeeper } from "./keep-certificates.ts";
import { parseRecipient } from "./parse-recipient.ts";

export type SmtpListenerDeps = {
  port: number;
  bindAddress: string;
  reportsDomain: string;
  maxMessageBytes: number;
  maxRecipients: number;
  maxConnections: number;
  store: IngestStore;
  certificates: CertificateKeeper;
  gate: Gate;
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
  tooManyConnections: [421, "4.7.0 Too many connections from your address"],
} as const satisfies Record<string, readonly [number, string]>;

type ReplyName = keyof typeof REPLIES;

const IDLE_TIMEOUT_MS = 60_000;
const MAX_SESSION_MS = 15 * 60_000;
const SWEEP_MS = 30_000;

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
  const startedMs = new Map<string, number>();

  function refuse(name: ReplyName): Error {
    const [responseCode, message] = REPLIES[name];
    metrics.refused.inc({ transport: "smtp", answer: String(responseCode) });
    return Object.assign(new Error(message), { responseCode });
  }

  async function acceptRecipient(recipient: SMTPServerAddress, session: SMTPServerSession): Promise<void> {
    const parsed = parseRecipient(recipient.address, deps.reportsDomain);
    if (parsed === "elsewhere") throw refuse("relay");
    if (!gate.allowStray(session.remoteAddress)) throw refuse("tooFast");
    const owner = await orUnavailable(store.findOwner(parsed.token));
    if (!owner) throw refuse("unknown");
    gate.forgiveStray(session.remoteAddress);
    const owners = ownersOf.get(session.envelope) ?? new Map<string, TokenOwner>();
    ownersOf.set(session.envelope, owners.set(owner.token, owner));
  }

  async function acceptMessage(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<string> {
    const owners = [...(ownersOf.get(session.envelope)?.values() ?? [])];
    const { remoteAddress, envelope } = session;
    const collected = await collectBytes(stream, deps.maxMessageBytes, gate);
    if ("refused" in collected) throw refuse(collected.refused);
    try {
      if (!gate.allowMessage(remoteAddress)) throw refuse("tooFast");
      const [id] = await orUnavailable(
        store.receive({
          owners,
          transport: "smtp",
          raw: collected.bytes,
          remoteAddress,
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

  const server = new SMTPServer({
    minVersion: "TLSv1.2",
    name: deps.reportsDomain,
    banner: "Waxseal, TLS reports only",
    size: deps.maxMessageBytes,
    maxRecipients: deps.maxRecipients,
    maxClients: deps.maxConnections,
    maxCommandLength: 2_048,
    socketTimeout: IDLE_TIMEOUT_MS,
    closeTimeout: 3_000,
    disabledCommands: ["AUTH"],
    disableReverseLookup: true,
    hideSMTPUTF8: true,
    SNICallback: (serverName, answer) => answer(null, deps.certificates.contextFor(serverName)),
    onConnect: (session, answer) => {
      if (!gate.enter(session.remoteAddress)) return answer(refuse("tooManyConnections"));
      startedMs.set(session.id, deps.now().getTime());
      answer();
    },
    onClose: (session) => {
      if (startedMs.delete(session.id)) gate.leave(session.remoteAddress);
    },
    onRcptTo: (recipient, session, answer) => {
      acceptRecipient(recipient, session).then(() => answer(), answer);
    },
    onData: (stream, session, answer) => {
      acceptMessage(stream, session).then((message) => answer(null, message), answer);
    },
  });
  deps.certificates.followDefault((pair) => server.updateSecureContext(pair));
  server.on("error", (error) => logger.debug({ err: error }, "smtp connection failed"));
  const sweep = setInterval(() => {
    const oldest = deps.now().getTime() - MAX_SESSION_MS;
    for (const connection of server.connections) {
      if ((startedMs.get(connection.id) ?? oldest) < oldest) connection.send(421, "4.4.2 This took too long");
    }
  }, SWEEP_MS);
  sweep.unref();

  await new Promise<void>((resolve, reject) => {
    server.server.once("error", reject);
    server.listen(deps.port, deps.bindAddress, resolve);
  });
  const address = server.server.address();
  if (address === null || typeof address === "string") throw new AppError("unavailable", "No port.");
  return {
    port: address.port,
    stop: () => {
      clearInterval(sweep);
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
