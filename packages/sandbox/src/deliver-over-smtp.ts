import { once } from "node:events";
import { connect as connectTcp, type Socket } from "node:net";
import { checkServerIdentity, connect as connectTls, rootCertificates, type TLSSocket } from "node:tls";

const TIMEOUT_MS = 15_000;
const MAX_REPLY_BYTES = 16_384;

/** How a session ended. `resultType` is a word of RFC 8460 §4.3; `problem` is for people. */
export type SmtpOutcome = {
  /** The mail was taken. */
  isDelivered: boolean;
  isSecure: boolean;
  /** What the receiver said to EHLO, lines separated by CRLF. */
  ehlo: string;
  /** Why TLS did not live up to what was asked; undefined when it did. */
  failure?: { resultType: string; reasonCode: string };
  problem?: string;
};

/**
 * Sends one mail to one MX host at one address.
 *
 * `tls: "verified"` hands nothing over unless STARTTLS is offered and the
 * certificate is good for `mxHost`; `"reported"` does so all the same and says
 * what was wrong; `"any"` takes encryption when offered and looks at nothing.
 * Never throws.
 *
 * RFC 3207 §4, RFC 8461 §4.2, §5
 */
export async function deliverOverSmtp(input: {
  mxHost: string;
  address: string;
  port: number;
  ehloName: string;
  from: string;
  to: string;
  message: Buffer;
  tls: "verified" | "reported" | "any";
  caPem?: string;
}): Promise<SmtpOutcome> {
  const outcome: SmtpOutcome = { isDelivered: false, isSecure: false, ehlo: "" };
  let socket: Socket = connectTcp(input.port, input.address);
  const deadline = setTimeout(() => socket.destroy(new Error("timed out")), TIMEOUT_MS);
  try {
    await once(socket, "connect");
    let session = startSession(socket);
    await session.expect(220);
    outcome.ehlo = await session.command(`EHLO ${input.ehloName}`, 250);
    if (/^250[ -]STARTTLS\r?$/im.test(outcome.ehlo)) {
      await session.command("STARTTLS", 220);
      session.end();
      const secured = await upgrade(socket, input.mxHost, input.caPem);
      socket = secured;
      outcome.isSecure = true;
      const failure = judgeCertificate(secured, input.mxHost);
      if (failure && input.tls !== "any") outcome.failure = failure;
      session = startSession(secured);
      if (outcome.failure && input.tls === "verified") return { ...outcome, problem: "certificate refused" };
      await session.command(`EHLO ${input.ehloName}`, 250);
    } else if (input.tls !== "any") {
      outcome.failure = { resultType: "starttls-not-supported", reasonCode: "" };
      if (input.tls === "verified") return { ...outcome, problem: "STARTTLS is not offered" };
    }
    await session.command(`MAIL FROM:<${input.from}>`, 250);
    await session.command(`RCPT TO:<${input.to}>`, 250);
    await session.command("DATA", 354);
    await session.command(`${stuffDots(input.message)}\r\n.`, 250);
    outcome.isDelivered = true;
    await session.command("QUIT", 221).catch(() => {});
    return outcome;
  } catch (error) {
    return { ...outcome, problem: error instanceof Error ? error.message : "failed" };
  } finally {
    clearTimeout(deadline);
    socket.destroy();
  }
}

type Session = {
  expect(code: number): Promise<string>;
  command(line: string, code: number): Promise<string>;
  /** Stops reading, so that the socket can be handed to TLS. */
  end(): void;
};

function startSession(socket: Socket): Session {
  let received = "";
  let wake = () => {};
  let failure: Error | undefined;
  const onData = (chunk: Buffer) => {
    received += chunk.toString("latin1");
    if (received.length > MAX_REPLY_BYTES) socket.destroy(new Error("the answer is too long"));
    wake();
  };
  const onEnd = (error?: Error | boolean) => {
    failure ??= error instanceof Error ? error : new Error("the connection was closed");
    wake();
  };
  socket.on("data", onData).once("error", onEnd).once("close", onEnd);

  const expect = async (code: number): Promise<string> => {
    for (;;) {
      const reply = /^(?:\d{3}-[^\n]*\n)*\d{3}(?: [^\n]*)?\r?\n/.exec(received)?.[0];
      if (reply !== undefined) {
        received = received.slice(reply.length);
        if (Number(reply.trim().split("\n").at(-1)?.slice(0, 3)) !== code) throw new Error(reply.trim());
        return reply.trim();
      }
      if (failure) throw failure;
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      await promise;
    }
  };
  return {
    expect,
    command(line, code) {
      socket.write(`${line}\r\n`, "latin1");
      return expect(code);
    },
    end: () => socket.off("data", onData).off("error", onEnd).off("close", onEnd),
  };
}

async function upgrade(socket: Socket, mxHost: string, caPem: string | undefined): Promise<TLSSocket> {
  const secured = connectTls({
    socket,
    servername: mxHost,
    // The certificate is judged afterwards: even a bad one is a finding, not the end of the session.
    rejectUnauthorized: false,
    ...(caPem && { ca: [...rootCertificates, caPem] }),
    checkServerIdentity: () => undefined,
  });
  await once(secured, "secureConnect");
  return secured;
}

const EXPIRED = ["CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID"];

function judgeCertificate(socket: TLSSocket, mxHost: string): SmtpOutcome["failure"] {
  // Typed as Error, but Node puts the code's text here.
  const error: unknown = socket.authorizationError;
  const reasonCode = error instanceof Error ? error.message : String(error ?? "");
  if (reasonCode) {
    const resultType = EXPIRED.includes(reasonCode) ? "certificate-expired" : "certificate-not-trusted";
    return { resultType, reasonCode };
  }
  const mismatch = checkServerIdentity(mxHost, socket.getPeerCertificate());
  return mismatch && { resultType: "certificate-host-mismatch", reasonCode: mismatch.message.slice(0, 200) };
}

// RFC 5321 §4.5.2: a line that begins with a dot gets another one. The end of data needs the last line complete.
function stuffDots(message: Buffer): string {
  return message
    .toString("latin1")
    .replaceAll(/^\./gm, "..")
    .replace(/\r?\n$/, "");
}
