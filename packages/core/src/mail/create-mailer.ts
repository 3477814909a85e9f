import { createTransport } from "nodemailer";

/** A mail to one person: the same words as text and as simple HTML. */
export type Mail = {
  to: string;
  subject: string;
  text: string;
  html: string;
  /** Where answers go; without it to nobody. */
  replyTo?: string;
  messageId?: string;
  headers?: Record<string, string>;
  /** A mail that goes along whole, as message/rfc822. */
  original?: Uint8Array;
  /** A picture that the HTML shows as `cid:<id>`. */
  picture?: { id: string; contentType: string; bytes: Uint8Array };
};

/** Sends mails; resolves once the mail server has taken the mail. */
export type Mailer = {
  sendMail(mail: Mail): Promise<void>;
  close(): void;
};

type Options = {
  smtpUrl: string;
  from: string;
  /** Whether `smtp://` must become TLS by STARTTLS; unless given, if the URL has a user. */
  requireTls?: boolean | undefined;
};

/**
 * A mailer over SMTP. Each mail has 15 seconds for every step of the conversation. Where TLS is required and not offered, neither the
 * mail nor the password is sent. What it fails with names no address: it goes into logs.
 *
 * RFC 3207 §4
 */
export function createMailer(options: Options): Mailer {
  const url = new URL(options.smtpUrl);
  const transport = createTransport({
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port ? Number(url.port) : url.protocol === "smtps:" ? 465 : 587,
    secure: url.protocol === "smtps:",
    requireTLS: options.requireTls ?? url.username !== "",
    // A relay on this machine has no certificate that could be checked.
    tls: { rejectUnauthorized: !isLoopback(url.hostname) },
    ...(url.username
      ? { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }
      : {}),
    connectionTimeout: 15_000,
    greetingTimeout: 15_000,
    socketTimeout: 15_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    sendMail: async ({ picture, original, ...mail }) => {
      const attachments = [
        ...(picture ? [attachPicture(picture)] : []),
        ...(original ? [attachMail(original)] : []),
      ];
      const whole = { from: options.from, ...mail, ...(attachments.length > 0 && { attachments }) };
      await transport.sendMail(whole).catch((cause: unknown) => {
        throw withoutAddresses(cause);
      });
    },
    close: () => transport.close(),
  };
}

function attachPicture({ id, contentType, bytes }: NonNullable<Mail["picture"]>) {
  return {
    cid: id,
    contentType,
    content: Buffer.from(bytes),
    contentDisposition: "inline" as const,
    filename: false as const,
  };
}

function attachMail(raw: Uint8Array) {
  return {
    contentType: "message/rfc822",
    content: Buffer.from(raw),
    contentDisposition: "attachment" as const,
    filename: "original.eml",
  };
}

/** Servers repeat the recipient in their refusals, and the library beside them. */
function withoutAddresses(cause: unknown): Error {
  const message = cause instanceof Error ? cause.message : "The mail was not taken";
  return new Error(message.replace(/[^\s<>,;:"]+@[^\s<>,;:"]+/g, "(address)"));
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || host.startsWith("127.");
}
