import { createSecureContext, type SecureContext } from "node:tls";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import { SMTPServer, type SMTPServerSession } from "smtp-server";
import { createSelfSignedCertificate } from "./create-self-signed-certificate.ts";
import { listenSmtp } from "./listen-smtp.ts";
import type { Authority } from "./open-authority.ts";
import { NO_STARTTLS_ADDRESS } from "./open-zone-store.ts";
import { readSmtpMessage } from "./read-smtp-message.ts";

const MAX_MAIL_BYTES = 5 * 1024 * 1024;
const MAX_CONTEXTS = 500;
const MAX_DELIVERIES = 500;
const FALLBACK_NAME = "mx.sandbox.example";

/** One mail that a receiving MX took and threw away. */
export type Delivery = { at: Date; from: string; to: string[]; isSecure: boolean; mailBytes: number };

/** What can be wrong with the certificate of an MX host. */
export const MX_FAULTS = ["expired", "selfsigned", "wrongname"] as const;
/** One of `MX_FAULTS`. */
export type MxFault = (typeof MX_FAULTS)[number];

/** The MX hosts of all sandbox customers, while they run. */
export type ReceivingMx = {
  /** The same port on 127.0.0.1 and, where it exists, on 127.0.0.2. */
  port: number;
  /** The newest 500, oldest first. */
  deliveries: readonly Delivery[];
  /** Gives a host a bad certificate from the next connection on; undefined: its own again. */
  setFault(mxHost: string, fault: MxFault | undefined): void;
  stop(): Promise<void>;
};

/**
 * Starts the SMTP server behind every customer's MX host; it takes all mail and keeps none.
 *
 * The certificate is made for the name asked for (SNI) and signed by the sandbox
 * authority. The beginning of a host's first label makes it a bad one: `expired`,
 * `selfsigned`, `wrongname`; and `nostarttls` at the address 127.0.0.2, which
 * only systems with a whole loopback network (Linux) have.
 */
export async function startReceivingMx(options: {
  port: number;
  authority: Authority;
  now?: () => Date;
}): Promise<ReceivingMx> {
  const { authority, now = () => new Date() } = options;
  const deliveries: Delivery[] = [];
  const keep = (delivery: Delivery) => {
    deliveries.push(delivery);
    if (deliveries.length > MAX_DELIVERIES) deliveries.shift();
  };
  const faults = new Map<string, MxFault>();
  const contexts = createContextCache((mxHost) =>
    createMxCertificate(mxHost, faults.get(mxHost) ?? faultInName(mxHost), authority, now()),
  );
  const fallback = await authority.issue({ names: [FALLBACK_NAME] });

  const secured = createMx({
    keep,
    now,
    tls: {
      key: fallback.keyPem,
      cert: fallback.certPem,
      SNICallback: (mxHost: string, callback: (error: Error | null, context?: SecureContext) => void) => {
        contexts.get(mxHost.toLowerCase()).then(
          (context) => callback(null, context),
          (error: Error) => callback(error),
        );
      },
    },
  });
  const plain = createMx({ keep, now, tls: undefined });
  const main = await listenSmtp(secured, options.port, "127.0.0.1");
  const other = await listenSmtp(plain, main.port, NO_STARTTLS_ADDRESS).catch(() => undefined);
  return {
    port: main.port,
    deliveries,
    setFault(mxHost, fault) {
      const host = mxHost.toLowerCase();
      if (fault) faults.set(host, fault);
      else faults.delete(host);
      contexts.forget(host);
    },
    async stop() {
      await Promise.all([main.stop(), other?.stop()]);
    },
  };
}

function createMx(input: {
  keep(delivery: Delivery): void;
  now: () => Date;
  tls: object | undefined;
}): SMTPServer {
  const answerData = async (stream: Parameters<typeof readSmtpMessage>[0], session: SMTPServerSession) => {
    const raw = await readSmtpMessage(stream, MAX_MAIL_BYTES);
    if (!raw) throw Object.assign(new Error("Message too large"), { responseCode: 552 });
    const { mailFrom, rcptTo } = session.envelope;
    input.keep({
      at: input.now(),
      from: mailFrom ? mailFrom.address : "",
      to: rcptTo.map(({ address }) => address),
      isSecure: session.secure,
      mailBytes: raw.length,
    });
  };
  return new SMTPServer({
    ...input.tls,
    name: FALLBACK_NAME,
    disabledCommands: input.tls ? ["AUTH"] : ["AUTH", "STARTTLS"],
    disableReverseLookup: true,
    size: MAX_MAIL_BYTES,
    maxClients: 100,
    closeTimeout: 100,
    onData(stream, session, callback) {
      answerData(stream, session).then(() => callback(null, "thrown away, as all mail here"), callback);
    },
  });
}

function faultInName(mxHost: string): MxFault | undefined {
  return MX_FAULTS.find((fault) => mxHost.startsWith(fault));
}

async function createMxCertificate(
  mxHost: string,
  fault: MxFault | undefined,
  authority: Authority,
  now: Date,
): Promise<{ keyPem: string; certPem: string }> {
  const daysFromNow = (days: number) => new Date(now.getTime() + days * DAY_MS);
  if (fault === "selfsigned") {
    return createSelfSignedCertificate({
      names: [mxHost],
      notBefore: daysFromNow(-1),
      notAfter: daysFromNow(365),
    });
  }
  if (fault === "expired") {
    return authority.issue({ names: [mxHost], notBefore: daysFromNow(-91), notAfter: daysFromNow(-1) });
  }
  if (fault === "wrongname") return authority.issue({ names: ["mail.somebody-else.example"] });
  return authority.issue({ names: [mxHost] });
}

function createContextCache(create: (mxHost: string) => Promise<{ keyPem: string; certPem: string }>): {
  get(mxHost: string): Promise<SecureContext>;
  forget(mxHost: string): void;
} {
  const contexts = new Map<string, Promise<SecureContext>>();
  const get = (mxHost: string) => {
    const made =
      contexts.get(mxHost) ??
      create(mxHost).then(({ keyPem, certPem }) => createSecureContext({ key: keyPem, cert: certPem }));
    contexts.set(mxHost, made);
    const [oldest] = contexts.keys();
    if (contexts.size > MAX_CONTEXTS && oldest) contexts.delete(oldest);
    return made;
  };
  return { get, forget: (mxHost) => contexts.delete(mxHost) };
}
