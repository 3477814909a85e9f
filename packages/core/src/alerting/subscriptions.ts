import type { SubscriptionBody, SubscriptionView } from "@waxseal/contract";
import type { z } from "zod";
import { hashSecret } from "../accounts/hash-secret.ts";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { DEFAULT_SEVERITY } from "./list-recipients.ts";

type View = z.infer<typeof SubscriptionView>;

/** What the caller hears of this account by mail. @throws AppError `conflict` – the caller is no member of it */
export async function getSubscription(ctx: Context): Promise<View> {
  const { userId, role, email } = await findSelf(ctx);
  const { accountId, db } = ctx;
  const own = await db.subscription.findUnique({ where: { accountId_userId: { accountId, userId } } });
  const isQuiet = own && own.quietFrom !== null && own.quietUntil !== null;
  return {
    severity: (own?.severity ?? DEFAULT_SEVERITY[role] ?? "off") as View["severity"],
    digest: (own?.digest ?? "weekly") as View["digest"],
    timeZone: own?.timeZone ?? "UTC",
    quiet: isQuiet ? { from: own.quietFrom ?? 0, until: own.quietUntil ?? 0 } : null,
    isDefault: own?.severity == null,
    email,
    bounce:
      own?.bouncedAt && own.bouncedAddress === email
        ? { at: own.bouncedAt.toISOString(), detail: own.bounceDetail ?? "" }
        : null,
  };
}

/** Changes what the caller hears of this account by mail. @throws AppError `conflict` – the caller is no member of it */
export async function setSubscription(ctx: Context, input: z.infer<typeof SubscriptionBody>): Promise<View> {
  const { userId } = await findSelf(ctx);
  const { accountId, db } = ctx;
  const { severity, digest, timeZone, quiet } = input;
  const data = {
    severity,
    digest,
    timeZone,
    quietFrom: quiet?.from ?? null,
    quietUntil: quiet?.until ?? null,
    digestAt: null,
    quietDigests: 0,
    ...{ bouncedAddress: null, bouncedAt: null, bounceDetail: null },
  };
  const where = { accountId_userId: { accountId, userId } };
  await db.subscription.upsert({ where, create: { accountId, userId, ...data }, update: data });
  return getSubscription(ctx);
}

/** Turns off all mails about an account's alerts for the person whose mails hold this token; whether there is one. */
export async function unsubscribe(db: Context["db"], token: string): Promise<boolean> {
  const { count } = await db.subscription.updateMany({
    where: { unsubscribeHash: hashSecret(token) },
    data: { severity: "off", digest: "off", digestAt: null },
  });
  return count > 0;
}

/** Stops the summaries of an account for the person whose mails hold this token; whether there is one. */
export async function stopSummaries(db: Context["db"], token: string): Promise<boolean> {
  const { count } = await db.subscription.updateMany({
    where: { unsubscribeHash: hashSecret(token) },
    data: { digest: "off", digestAt: null },
  });
  return count > 0;
}

/** Has the summary come weekly however quiet it is, for the person whose mails hold this token; whether there is one. */
export async function keepSummariesWeekly(db: Context["db"], token: string): Promise<boolean> {
  const { count } = await db.subscription.updateMany({
    where: { unsubscribeHash: hashSecret(token) },
    data: { digest: "weekly", digestAt: null, quietDigests: 0 },
  });
  return count > 0;
}

/** Confirms that an address takes alerts; whether the token is one of a channel. */
export async function confirmChannel(db: Context["db"], token: string): Promise<boolean> {
  const verifyHash = hashSecret(token);
  const used = await db.channel.updateMany({
    where: { verifyHash, state: "unverified" },
    data: { state: "active", verifyHash: null },
  });
  // One that a member turned off stays off.
  const off = await db.channel.updateMany({ where: { verifyHash }, data: { verifyHash: null } });
  return used.count + off.count > 0;
}

async function findSelf({ actor, accountId, db }: Context) {
  const member =
    actor.kind === "user"
      ? await db.member.findFirst({
          where: { organizationId: accountId, userId: actor.id },
          select: { userId: true, role: true, user: { select: { email: true } } },
        })
      : null;
  if (!member)
    throw new AppError("conflict", "Only members of the account get its mails.", { reason: "not_a_member" });
  return { userId: member.userId, role: member.role, email: member.user.email };
}
