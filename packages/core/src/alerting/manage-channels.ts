import { randomBytes } from "node:crypto";
import type {
  ChannelBody,
  ChannelChangeBody,
  ChannelKind,
  ChannelSecretView,
  ChannelView,
  CreatedChannelView,
} from "@waxseal/contract";
import type { Channel, Transaction } from "@waxseal/db";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import type { z } from "zod";
import { hashSecret } from "../accounts/hash-secret.ts";
import { AppError } from "../app-error.ts";
import { findMailBrand } from "../brand/find-mail-brand.ts";
import type { Context } from "../context.ts";
import { takeAllowance } from "../limits/take-allowance.ts";
import { lockAccount } from "../lock-account.ts";
import type { QueueMail } from "../mail/queue-mail.ts";
import { recordEvent } from "../record-event.ts";
import { requirePermission } from "../require-permission.ts";
import type { SecretBox } from "../secret-box.ts";
import { readChannelTarget } from "./channel-target.ts";
import { channelConfirmationMail } from "./format-alert-mail.ts";
import { readMatch } from "./read-match.ts";

/** What changing channels takes. */
export type ChannelDeps = { secretBox: SecretBox; queueMail: QueueMail; publicUrl: string };

type View = z.infer<typeof ChannelView>;

/** Channels of one account. */
export const MAX_CHANNELS = 50;
/** Both secrets of a webhook sign for so long after a rotation. */
const OVERLAP_MS = DAY_MS;

/**
 * Adds a place to which alerts are sent. A mail address gets nothing before its owner has confirmed it. A webhook's secret is in the answer,
 * and nowhere else.
 * @throws AppError `forbidden`; `invalid` – the target; `limit_reached` – 50 channels, or too many unconfirmed addresses
 */
export async function addChannel(
  ctx: Context,
  deps: ChannelDeps,
  { kind, name, target: text, minSeverity, match }: z.infer<typeof ChannelBody>,
): Promise<z.infer<typeof CreatedChannelView>> {
  requirePermission(ctx, "alerts.manage");
  const { accountId } = ctx;
  const { target, hint } = readChannelTarget(kind, text);
  const secret = kind === "webhook" ? newSecret() : null;
  const sealed = {
    targetJwe: await deps.secretBox.seal(target),
    secretJwe: secret && (await deps.secretBox.seal(secret)),
  };
  const row = await ctx.inTransaction(async (tx) => {
    await lockAccount(tx, accountId);
    await requireRoom(tx, accountId, kind);
    const made = {
      createdAt: ctx.now(),
      createdBy: ctx.actor.name,
      targetHint: hint,
      state: kind === "mail" ? "unverified" : "active",
    };
    const channel = await tx.channel.create({
      data: { accountId, kind, name, minSeverity, match, ...sealed, ...made },
    });
    if (kind === "mail") await askToConfirm(tx, ctx, deps, channel, target);
    await recordEvent(tx, ctx, "channel.added", { channelId: channel.id, kind, name });
    return channel;
  });
  return { ...presentChannel(row), secret };
}

/** Changes a channel; a new target is used from the next message on. @throws AppError `forbidden`, `not_found`, `invalid` */
export async function changeChannel(
  ctx: Context,
  deps: ChannelDeps,
  { channelId, target: text, isEnabled, ...rest }: { channelId: string } & z.infer<typeof ChannelChangeBody>,
): Promise<View> {
  requirePermission(ctx, "alerts.manage");
  const row = await ctx.inTransaction(async (tx) => {
    await lockAccount(tx, ctx.accountId);
    const before = await getChannel(tx, ctx.accountId, channelId);
    const kind = before.kind as ChannelKind;
    const read = text === undefined ? undefined : readChannelTarget(kind, text);
    const isReset = read !== undefined || isEnabled === true;
    const reset = { failures: 0, failingSince: null, disabledWhy: null };
    const needsConfirmation = kind === "mail" && (read !== undefined || isUnconfirmed(before));
    const state = needsConfirmation ? "unverified" : "active";
    const after = await tx.channel.update({
      where: { accountId_id: { accountId: ctx.accountId, id: channelId } },
      data: {
        ...(rest.name !== undefined && { name: rest.name }),
        ...(rest.minSeverity !== undefined && { minSeverity: rest.minSeverity }),
        ...(rest.match !== undefined && { match: rest.match }),
        ...(read && { targetJwe: await deps.secretBox.seal(read.target), targetHint: read.hint }),
        ...(isReset && { ...reset, state }),
        // Off by choice: it does not fail, and no alert says that it is not reached.
        ...(isEnabled === false && {
          ...reset,
          ...{ state: "disabled", disabledWhy: `${ctx.actor.name} turned it off.` },
        }),
      },
    });
    if (read && kind === "mail") await askToConfirm(tx, ctx, deps, after, read.target);
    await recordEvent(tx, ctx, "channel.changed", { channelId, name: after.name });
    return after;
  });
  return presentChannel(row);
}

/** Removes a channel; what waits for it is not sent. @throws AppError `forbidden`, `not_found` */
export async function removeChannel(ctx: Context, { channelId }: { channelId: string }): Promise<void> {
  requirePermission(ctx, "alerts.manage");
  await ctx.inTransaction(async (tx) => {
    await lockAccount(tx, ctx.accountId);
    const { name } = await getChannel(tx, ctx.accountId, channelId);
    await tx.channel.delete({ where: { accountId_id: { accountId: ctx.accountId, id: channelId } } });
    await recordEvent(tx, ctx, "channel.removed", { channelId, name });
  });
}

/** Replaces the secret of a webhook; the old secret also signs for another day. @throws AppError `forbidden`, `not_found`; `conflict` – not a webhook */
export async function rotateChannelSecret(
  ctx: Context,
  { secretBox }: Pick<ChannelDeps, "secretBox">,
  { channelId }: { channelId: string },
): Promise<z.infer<typeof ChannelSecretView>> {
  requirePermission(ctx, "alerts.manage");
  const secret = newSecret();
  const secretJwe = await secretBox.seal(secret);
  const oldUntil = new Date(ctx.now().getTime() + OVERLAP_MS);
  await ctx.inTransaction(async (tx) => {
    await lockAccount(tx, ctx.accountId);
    const { kind, name, secretJwe: oldSecretJwe } = await getChannel(tx, ctx.accountId, channelId);
    if (kind !== "webhook")
      throw new AppError("conflict", "Only webhooks have a secret.", {
        reason: "channel_without_secret",
        collidesWith: { kind: "channel", id: channelId },
      });
    await tx.channel.update({
      where: { accountId_id: { accountId: ctx.accountId, id: channelId } },
      data: { secretJwe, oldSecretJwe, oldUntil },
    });
    await recordEvent(tx, ctx, "channel.changed", { channelId, name });
  });
  return { secret, oldSecretUntil: oldUntil.toISOString() };
}

/** A channel of the account. @throws AppError `not_found` */
export async function getChannel(
  tx: Transaction | Context["db"],
  accountId: string,
  id: string,
): Promise<Channel> {
  const channel = await tx.channel.findUnique({ where: { accountId_id: { accountId, id } } });
  if (!channel) throw new AppError("not_found", "There is no such channel.");
  return channel;
}

/** Whether the owner of a mail address has not confirmed it yet, also where it was turned off before that. */
export function isUnconfirmed({ kind, verifyHash }: Pick<Channel, "kind" | "verifyHash">): boolean {
  return kind === "mail" && verifyHash !== null;
}

/** A channel as the API shows it, without its address and secrets. */
export function presentChannel(row: Channel): View {
  const isFailing = row.state === "active" && row.failures > 0;
  return {
    id: row.id,
    kind: row.kind as ChannelKind,
    name: row.name,
    target: row.targetHint,
    minSeverity: row.minSeverity as View["minSeverity"],
    match: readMatch(row),
    state: isFailing ? "failing" : (row.state as View["state"]),
    problem: row.disabledWhy,
    deliveredAt: row.deliveredAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    hasSecret: row.secretJwe !== null,
    oldSecretUntil: row.oldUntil?.toISOString() ?? null,
  };
}

/** Addresses that are not confirmed would be a way of mailing strangers. */
const MAX_UNCONFIRMED = 5;
const CONFIRMATIONS = { burst: 10, refillSeconds: 1_800 };

async function requireRoom(tx: Transaction, accountId: string, kind: ChannelKind): Promise<void> {
  if ((await tx.channel.count({ where: { accountId } })) >= MAX_CHANNELS)
    throw new AppError("limit_reached", `An account has at most ${MAX_CHANNELS} channels.`, {
      reason: "too_many_objects",
    });
  if (kind !== "mail") return;
  const unconfirmed = await tx.channel.count({ where: { accountId, kind, state: "unverified" } });
  if (unconfirmed >= MAX_UNCONFIRMED)
    throw new AppError("limit_reached", "Wait until the addresses that you added before are confirmed.", {
      reason: "too_many_at_once",
    });
}

async function askToConfirm(
  tx: Transaction,
  ctx: Context,
  { queueMail, publicUrl }: ChannelDeps,
  { id }: Channel,
  to: string,
): Promise<void> {
  const { accountId } = ctx;
  if (!(await takeAllowance(tx, `channel-confirm:${accountId}`, CONFIRMATIONS)))
    throw new AppError("limit_reached", "Too many addresses were added. Try again in an hour.", {
      reason: "daily_limit",
    });
  const token = randomBytes(16).toString("base64url");
  const where = { accountId_id: { accountId, id } };
  await tx.channel.update({ where, data: { verifyHash: hashSecret(token) } });
  const account = await tx.organization.findUniqueOrThrow({ where: { id: accountId } });
  const brand = await findMailBrand(tx, accountId);
  const url = `${publicUrl}/c/${token}`;
  const mail = channelConfirmationMail(to, { url, accountName: account.name, brand });
  await queueMail(tx, mail, { kind: "confirm", accountId });
}

function newSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}
