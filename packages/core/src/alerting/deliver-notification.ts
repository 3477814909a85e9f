import type { ChannelKind } from "@waxseal/contract";
import type { Channel } from "@waxseal/db";
import { findMailBrand } from "../brand/find-mail-brand.ts";
import type { AlertMessage } from "./alert-message.ts";
import type { ClaimedNotification } from "./claim-notification.ts";
import { formatAlertMail, type MailFrame } from "./format-alert-mail.ts";
import { type Attempt, postToChannel } from "./post-to-channel.ts";
import type { SendDeps } from "./send-notifications.ts";
import { unsubscribeToken } from "./unsubscribe-token.ts";

const NOT_SENT = { ok: false, status: null, isUncertain: false, retryAfterMs: null } as const;

/** Sends one message to its receiver. Never throws for what the receiver does. */
export async function deliverNotification(
  deps: SendDeps,
  claimed: ClaimedNotification,
  message: AlertMessage,
): Promise<Attempt> {
  const { accountId, userId, channelId } = claimed;
  if (userId !== null) return mailToMember(deps, { accountId, userId }, message);
  const channel =
    channelId &&
    (await deps.db.channel.findUnique({ where: { accountId_id: { accountId, id: channelId } } }));
  if (!channel) return { ...NOT_SENT, detail: "The channel was removed.", isGone: true };
  // An end still goes where the beginning went, as long as the address may work.
  if (channel.state !== "active") return { ...NOT_SENT, detail: "The channel is turned off.", isGone: true };
  return deliverToChannel(deps, channel, message);
}

/** Sends a message to a channel as it is now. */
export async function deliverToChannel(
  deps: Pick<SendDeps, "db" | "now" | "https" | "secretBox" | "queueMail" | "mailDomain" | "bounces">,
  channel: Channel,
  message: AlertMessage,
): Promise<Attempt> {
  const { secretBox, now } = deps;
  const opened = await secretBox.open(channel.targetJwe).catch(() => undefined);
  if (opened === undefined)
    return { ...NOT_SENT, detail: "Its address could not be decrypted on this server.", isGone: false };
  if (channel.kind === "mail") {
    const account = await deps.db.organization.findUnique({ where: { id: channel.accountId } });
    const { accountId } = channel;
    return sendMail(deps, message, {
      accountId,
      to: opened,
      accountName: account?.name ?? "",
      unsubscribeUrl: null,
    });
  }
  const isOldValid = channel.oldUntil !== null && channel.oldUntil > now();
  const sealed = [channel.secretJwe, isOldValid ? channel.oldSecretJwe : null].flatMap((jwe) => jwe ?? []);
  const secrets = await Promise.all(sealed.map((jwe) => secretBox.open(jwe)));
  return postToChannel(
    deps.https,
    { kind: channel.kind as ChannelKind, target: opened, secrets },
    message,
    now(),
  );
}

/** A member who left, or whose address is not confirmed, is not written to. */
async function mailToMember(
  deps: SendDeps,
  { accountId, userId }: { accountId: string; userId: string },
  message: AlertMessage,
): Promise<Attempt> {
  const member = await deps.db.member.findFirst({
    where: { organizationId: accountId, userId },
    select: {
      user: { select: { email: true, emailVerified: true } },
      organization: { select: { name: true } },
    },
  });
  if (!member?.user.emailVerified)
    return {
      ...NOT_SENT,
      detail: "The person is no member with a confirmed address any more.",
      isGone: true,
    };
  const own = await deps.db.subscription.findUnique({ where: { accountId_userId: { accountId, userId } } });
  if (own?.bouncedAddress === member.user.email)
    return { ...NOT_SENT, detail: "Mails to this address come back as undeliverable.", isGone: true };
  const unsubscribeUrl = `${deps.publicUrl}/u/${await unsubscribeToken(deps, { accountId, userId })}`;
  return sendMail(deps, message, {
    accountId,
    to: member.user.email,
    accountName: member.organization.name,
    unsubscribeUrl,
  });
}

/** Queues the mail once per message; the queue retries while the mail server is away. */
async function sendMail(
  deps: Pick<SendDeps, "db" | "queueMail" | "mailDomain" | "bounces">,
  message: AlertMessage,
  { accountId, ...frame }: Omit<MailFrame, "mailDomain" | "brand"> & { accountId: string },
): Promise<Attempt> {
  const returnPath = deps.bounces.addressFor(message.id);
  const brand = await findMailBrand(deps.db, accountId);
  const mail = { ...formatAlertMail(message, { ...frame, brand, mailDomain: deps.mailDomain }), returnPath };
  const terms = { kind: "alert", accountId, reference: message.id } as const;
  await deps.db.$transaction((tx) => deps.queueMail(tx, mail, terms));
  return { ok: true, status: null, detail: null, isUncertain: false, isGone: false, retryAfterMs: null };
}
