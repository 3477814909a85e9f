import { createTransport } from "nodemailer";

/** A mail to one person: the same words as text and as simple HTML. */
export type Mail = {
  to: string;
  subject: string;
  text: string;
  html: string;
  /** Shown as the sender, before our address; unset: the name in MAIL_FROM. Read by `readSenderName`. */
  fromName?: string;
  /** Where answers go; without it answers bounce. */
  replyTo?: string;
  messageId?: string;
  /** Where it comes back to when it cannot be delivered; unset: to the sender. */
  returnPath?: string;
  headers?: Record<string, string>;
  /** A mail that goes along whole, as message/rfc822. */
  original?: Uint8Array;
  /** A file that goes along. */
  file?: { name: string; contentType: string; bytes: Uint8Array };
  /** A picture that the HTML shows as `cid:<id>`. */
  picture?: { id: string; contentType: string; bytes: Uint8Array };
};

/** Why the mail server did not take a mail, in words for the operator and without any address. */
export class MailNotTaken extends Error {
  /** Whether the server does not know the recipient: trying again cannot help. */
  readonly isPermanent: boolean;
  constructor(message: string, { isPermanent }: { isPermanent: boolean }) {
    super(message);
    this.isPermanent = isPermanent;
  }
}

/** Sends mails; resolves once the mail server has taken the mail. */
export type Mailer = {
  /** @throws MailNotTaken */
  sendMail(mail: Mail): Promise<void>;
  /** Signs in without a mail. @throws MailNotTaken */
  verify(): Promise<void>;
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
    sendMail: async ({ picture, original, file, returnPath, fromName, ...mail }) => {
      const attachments = [
        ...(picture ? [attachPicture(picture)] : []),
        ...(original ? [attachMail(original)] : []),
        ...(file ? [attachFile(file)] : []),
      ];
      const from =
        fromName === undefined ? options.from : { name: fromName, address: addressOf(options.from) };
      const whole = { from, ...mail, ...(attachments.length > 0 && { attachments }) };
      const envelope = returnPath && { from: returnPath, to: mail.to };
      await transport
        .sendMail({ ...whole, ...(envelope && { envelope }) })
        .catch((cause: unknown) => {
          // Some mail servers take mails from the addresses of their customer only.
          if (envelope && refusesSender(cause)) return transport.sendMail(whole);
          throw cause;
        })
        .catch((cause: unknown) => {
          throw explainFailure(cause);
        });
    },
    verify: async () => {
      await transport.verify().catch((cause: unknown) => {
        throw explainFailure(cause);
      });
    },
    close: () => transport.close(),
  };
}

/** The address in `Name <address>`, or in an address alone. */
function addressOf(from: string): string {
  return /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from.trim();
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

function attachFile({ name, contentType, bytes }: NonNullable<Mail["file"]>) {
  return {
    contentType,
    content: Buffer.from(bytes),
    contentDisposition: "attachment" as const,
    filename: name,
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

/** A failure as the library reports it: its own code, the command that failed, and the server's answer. */
type Failure = Error & { code?: string; command?: string; response?: string; responseCode?: number };

const MAX_ANSWER = 300;

function refusesSender(cause: unknown): boolean {
  const { command, responseCode = 0 } = cause as Failure;
  return responseCode >= 500 && (command === "MAIL FROM" || command === "DATA");
}

function explainFailure(cause: unknown): MailNotTaken {
  const { code, command, response, responseCode, message } = cause as Failure;
  if (code === "EAUTH")
    return new MailNotTaken("The mail server does not accept our user and password.", { isPermanent: false });
  if (code === "ETLS")
    return new MailNotTaken("The mail server offers no TLS that we accept.", { isPermanent: false });
  if (response === undefined)
    return new MailNotTaken(`The mail server does not answer (${withoutAddresses(message)}).`, {
      isPermanent: false,
    });
  const answer = withoutAddresses(response).slice(0, MAX_ANSWER);
  // 5.7 is a refusal of ours, e.g. to relay, which the operator can put right (RFC 3463 §3.8).
  const isPermanent = command === "RCPT TO" && (responseCode ?? 0) >= 500 && !/^\d{3}[ -]5\.7\./.test(answer);
  return new MailNotTaken(`The mail server answered: ${answer}`, { isPermanent });
}

/** Servers repeat the recipient in their refusals, and the library beside them. */
function withoutAddresses(text: string): string {
  return text.replace(/[^\s<>,;:"]+@[^\s<>,;:"]+/g, "(address)");
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || host.startsWith("127.");
}
