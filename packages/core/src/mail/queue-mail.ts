import { randomUUID } from "node:crypto";
import type { Transaction } from "@waxseal/db";
import { enqueueJob } from "../enqueue-job.ts";
import type { SecretBox } from "../secret-box.ts";
import type { Mail } from "./create-mailer.ts";

/** Closed list of the mails we send, apart from what is forwarded to the operator. */
export type OutgoingMailKind =
  | "confirm"
  | "alreadyRegistered"
  | "reset"
  | "invitation"
  | "instructions"
  | "closing"
  | "security"
  | "signInDeleted"
  | "alert"
  | "summary"
  | "monthlyReport";

/** What the queue must know of a mail besides the mail. */
export type OutgoingMailTerms = {
  kind: OutgoingMailKind;
  /** The account whose mail it is: it goes with that account. */
  accountId?: string | undefined;
  /** How long trying is worthwhile, e.g. as long as the link in it works; two days unless given, which is also the most. */
  usefulSeconds?: number | undefined;
  /** Names what the mail is about, e.g. a notification's id: a second mail with the same reference is not queued. */
  reference?: string | undefined;
};

/**
 * Queues a mail in the caller's transaction, so that it exists exactly if what it is about does. The worker sends it within a second,
 * tries again after 1, 2, 4 … minutes, at most two hours, while the mail server does not take it, and gives up after two days. The row's
 * `state` and `problem` say what became of it for a week.
 *
 * Enqueue with `await queueMail(tx, mail, { kind: "alert", accountId, reference: notificationId })`.
 */
export type QueueMail = (
  db: Transaction,
  mail: Omit<Mail, "messageId" | "original">,
  terms: OutgoingMailTerms,
) => Promise<void>;

const TWO_DAYS_SECONDS = 2 * 86_400;
/** Mails that people wait for and mails that come in crowds do not wait for each other. */
const CROWDS: ReadonlySet<OutgoingMailKind> = new Set(["alert", "summary", "monthlyReport"]);

/** The queue of mails, which are sealed in it: the links of some open accounts. */
export function createMailQueue(secretBox: Pick<SecretBox, "seal">): QueueMail {
  return async (db, mail, { kind, accountId, usefulSeconds = TWO_DAYS_SECONDS, reference }) => {
    const sealed = await secretBox.seal(JSON.stringify(toStored(mail)));
    const id = randomUUID();
    const seconds = Math.min(usefulSeconds, TWO_DAYS_SECONDS);
    const queued = await db.$executeRaw`
      insert into outgoing_mail (account_id, id, kind, recipient, sealed, reference, created_at, next_attempt_at, give_up_at)
      values (${accountId ?? null}, ${id}::uuid, ${kind}, ${mail.to}, ${sealed}, ${reference ?? null}, clock_timestamp(),
        clock_timestamp(), clock_timestamp() + make_interval(secs => ${seconds}))
      on conflict (reference) do nothing`;
    if (queued > 0) await enqueueSending(db, { id, kind });
  };
}

/** Adds the job that sends a mail, at once unless `runAt` is given. A relay that is away keeps four jobs busy, not all. */
export function enqueueSending(
  db: Transaction,
  { id, kind, runAt }: { id: string; kind: string; runAt?: Date },
): Promise<void> {
  const crowd = CROWDS.has(kind as OutgoingMailKind) ? "crowd" : "person";
  const lane = Number.parseInt(id.slice(-1), 16) % 2;
  return enqueueJob(
    db,
    "mail.send",
    { mailId: id },
    { key: `mail.send:${id}`, queue: `mail/${crowd}/${lane}`, ...(runAt && { runAt }) },
  );
}

type StoredMail = Omit<Mail, "messageId" | "original" | "picture" | "file"> & {
  picture?: { id: string; contentType: string; base64: string };
  file?: { name: string; contentType: string; base64: string };
};

function toStored({ picture, file, ...mail }: Omit<Mail, "messageId" | "original">): StoredMail {
  return { ...mail, ...(picture && { picture: asText(picture) }), ...(file && { file: asText(file) }) };
}

function asText<T extends { bytes: Uint8Array }>({ bytes, ...rest }: T) {
  return { ...rest, base64: Buffer.from(bytes).toString("base64") };
}

/** The mail that `createMailQueue` sealed. */
export function fromStored(text: string): Mail {
  const { picture, file, ...mail } = JSON.parse(text) as StoredMail;
  return { ...mail, ...(picture && { picture: asBytes(picture) }), ...(file && { file: asBytes(file) }) };
}

function asBytes<T extends { base64: string }>({ base64, ...rest }: T) {
  return { ...rest, bytes: Buffer.from(base64, "base64") };
}
