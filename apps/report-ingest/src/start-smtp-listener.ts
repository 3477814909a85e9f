import { AppError } from "@waxseal/core";
import type { BounceAddresses } from "@waxseal/core/mail";
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
import type { OperatorMailbox } from "./create-operator-mailbox.ts";
import type { IngestMetrics } from "./ingest-metrics.ts";
import type { IngestStore } from "./ingest-store.ts";
import type { CertificateKeeper } from "./keep-certificates.ts";
import { logUnkept } from "./log-unkept.ts";
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
  /** Undefined: mail for the operator is not forwarded. */
  operatorMailbox: OperatorMailbox | undefined;
  /** Which addresses undeliverable mails of ours come back to. */
  bounces: BounceAddresses;
  bounceMailbox: OperatorMailbox;
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
  quota: [
    452,
    "4.2.2 The owner of this report address has received all reports of today, try again tomorrow",
  ],
  spent: [452, "4.2.2 This report address has had its share of unsigned reports for today, try again later"],
  noise: [554, "5.6.0 There is no TLS report in this message"],
  mailboxSpent: [452, "4.2.2 This mailbox has had its share of mail for today, try again later"],
  separately: [452, "4.5.3 Mail to this address goes separately from reports"],
  loop: [554, "5.4.6 This mail came from here"],
  tooSlow: [421, "4.4.2 The message came too slowly, try again later"],
} as const satisfies Record<string, readonly [number, string]>;

type ReplyName = keyof typeof REPLIES;
/** An address that is no report address, and where its mail is kept. */
type Mailbox = { address: string; mailbox: OperatorMailbox };

const IDLE_TIMEOUT_MS = 60_000;
/** Largest mail to the operator: an abuse report with the mail it is about. */
const MAX_OPERATOR_MAIL_BYTES = 1024 * 1024;
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
  const mailboxOf = new WeakMap<object, Mailbox>();

  function refuse(name: ReplyName): SmtpRefusal {
    const [responseCode, message] = REPLIES[name];
    metrics.refused.inc({ transport: "smtp", answer: String(responseCode) });
    return Object.assign(new Error(message), { responseCode });
  }

  async function acceptRecipient(recipient: SMTPServerAddress, session: SMTPServerSession): Promise<void> {
    if (deps.bounces.readId(recipient.address)) {
      return acceptMailbox(recipient.address.toLowerCase(), session, deps.bounceMailbox);
    }
    const parsed = parseRecipient(recipient.address, deps.reportsDomain);
    if (parsed === "elsewhere") throw refuse("relay");
    if ("mailbox" in parsed) return acceptMailbox(parsed.mailbox, session, deps.operatorMailbox);
    const owner = await orUnavailable(store.findOwner(parsed.token));
    // Only unknown recipients count, and only they are put off: reports from the same address are taken all the while.
    if (!owner) throw refuse(gate.allowStray(session.remoteAddress) ? "unknown" : "tooFast");
    if (deps.intake.foresee(session.remoteAddress, 0)) throw refuse("full");
    if (mailboxOf.has(session.envelope)) throw refuse("separately");
    server.hold(session);
    const owners = ownersOf.get(session.envelope) ?? new Map<string, TokenOwner>();
    ownersOf.set(session.envelope, owners.set(owner.token, owner));
  }

  function acceptMailbox(
    address: string,
    session: SMTPServerSession,
    mailbox: OperatorMailbox | undefined,
  ): void {
    if (!mailbox) throw refuse("unknown");
    if (deps.intake.foresee(session.remoteAddress, 0)) throw refuse("full");
    if (ownersOf.has(session.envelope)) throw refuse("separately");
    if (!mailboxOf.has(session.envelope)) mailboxOf.set(session.envelope, { address, mailbox });
  }

  async function collect(stream: SMTPServerDataStream, session: SMTPServerSession, maxBytes: number) {
    server.hold(session);
    const room = deps.pool.open(session.remoteAddress);
    const drainBytes = DRAIN_FACTOR * deps.maxMessageBytes;
    const collected = await collectBytes(stream, room, { ...deps, maxBytes, drainBytes });
    if (!("refused" in collected)) return collected;
    const refusal = refuse(collected.refused);
    if (!collected.isOver) server.hangUp(session, refusal.responseCode, refusal.message);
    throw refusal;
  }

  async function keepInMailbox(
    { address, mailbox }: Mailbox,
    stream: SMTPServerDataStream,
    session: SMTPServerSession,
  ): Promise<string> {
    const { bytes: raw, release } = await collect(stream, session, MAX_OPERATOR_MAIL_BYTES);
    try {
      const { remoteAddress } = session;
      if (!gate.allowMessage(remoteAddress)) throw refuse("tooFast");
      const rest = { remoteAddress, envelopeFrom: senderOf(session), receivedAt: deps.now() };
      const kept = await orUnavailable(mailbox.keep({ mailbox: address, raw, ...rest }));
      if (kept === "loop") throw refuse("loop");
      if (kept === "tooMuch") throw refuse("mailboxSpent");
      return `2.0.0 Kept as ${kept}`;
    } finally {
      release();
    }
  }

  async function acceptMessage(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<string> {
    const mailbox = mailboxOf.get(session.envelope);
    if (mailbox !== undefined) return keepInMailbox(mailbox, stream, session);
    const owners = [...(ownersOf.get(session.envelope)?.values() ?? [])];
    const { remoteAddress } = session;
    const collected = await collect(stream, session, deps.maxMessageBytes);
    try {
      if (!gate.allowMessage(remoteAddress)) throw refuse("tooFast");
      const arrived = { raw: collected.bytes, transport: "smtp", remoteAddress, owners } as const;
      const rest = { envelopeFrom: senderOf(session), contentType: null };
      const receive = () => orUnavailable(store.receive({ ...arrived, ...rest, receivedAt: deps.now() }));
      const outcome = await deps.intake.keep(arrived, receive);
      if ("declined" in outcome) {
        metrics.declined.inc({ transport: "smtp", reason: outcome.declined });
        throw refuse(outcome.declined);
      }
      metrics.accepted.inc({ transport: "smtp" });
      return `2.0.0 Kept as ${outcome.kept[0]}`;
    } finally {
      collected.release();
    }
  }

  async function orUnavailable<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      logUnkept(logger, error);
      if (error instanceof AppError && error.code === "limit_reached") throw refuse("mailboxSpent");
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

function senderOf({ envelope }: SMTPServerSession): string | null {
  return envelope.mailFrom ? envelope.mailFrom.address : null;
}

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
