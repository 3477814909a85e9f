import type { Transaction, User } from "@waxseal/db";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import { AppError } from "../app-error.ts";
import type { Context, ContextSource } from "../context.ts";
import { twoFactorResetAskedMail, twoFactorResetMail } from "../mail/format-security-mails.ts";
import { requirePermission } from "../require-permission.ts";
import { lockMember } from "./lock-member.ts";
import { lockUser } from "./lock-user.ts";
import { mailSecurityChange, type NoticeDeps } from "./mail-person.ts";
import { recordInAllAccounts } from "./record-in-all-accounts.ts";
import { refuseStaleSignIn } from "./refuse-stale-sign-in.ts";

/** Time for the person to see the mail and to stop what they did not ask for. */
const COOLING_MS = DAY_MS;

/**
 * Schedules a reset of a member's lost authenticator app: a day later the password alone signs the member in. The member and the owner get a
 * mail, and every account of the member gets an entry in its audit log. A sign-in with the app or a recovery code cancels the reset.
 * @throws AppError `forbidden` – not an owner, or signed in more than 15 minutes ago; `not_found` – no such member; `conflict` – oneself, or
 * no authenticator app
 */
export async function resetMemberTwoFactor(
  ctx: Context,
  input: { userId: string; signedInAt: Date },
  deps: NoticeDeps,
): Promise<void> {
  requirePermission(ctx, "members.resetFactor");
  refuseStaleSignIn(ctx.now(), input.signedInAt);
  if (ctx.actor.id === input.userId)
    throw new AppError("conflict", "For yourself, use “Turn off” under Two-factor.", {
      reason: "own_second_factor",
      collidesWith: { kind: "member", id: input.userId },
    });
  await ctx.inTransaction(async (db) => {
    const { user } = await lockMember(db, ctx.accountId, input.userId);
    const owner = await db.user.findUniqueOrThrow({ where: { id: ctx.actor.id } });
    const by = `${owner.name} (${owner.email})`;
    const effectiveAt = await askReset(db, ctx, { user, by }, deps);
    const { publicUrl } = deps;
    const notice = { email: user.email, effectiveAt: effectiveAt.toISOString(), publicUrl };
    await deps.queueMail(db, twoFactorResetAskedMail(owner.email, notice), { kind: "security" });
  });
}

/**
 * The same for an operator, who has made sure who asks: for the last owner of an account.
 * @throws AppError `not_found` – no such user; `conflict` – no authenticator app
 */
export async function resetUserTwoFactor(
  source: ContextSource,
  input: { email: string },
  deps: NoticeDeps,
): Promise<{ email: string; effectiveAt: string }> {
  const email = input.email.trim().toLowerCase();
  return source.db.$transaction(async (db) => {
    const user = await db.user.findUnique({ where: { email } });
    if (!user) throw new AppError("not_found", `There is no user ${email}.`);
    const by = "The operator of this Waxseal installation";
    const effectiveAt = await askReset(db, source, { user, by }, deps);
    return { email, effectiveAt: effectiveAt.toISOString() };
  });
}

async function askReset(
  db: Transaction,
  source: ContextSource,
  { user, by }: { user: User; by: string },
  deps: NoticeDeps,
): Promise<Date> {
  if (!user.twoFactorEnabled)
    throw new AppError("conflict", `${user.email} has no authenticator app: there is nothing to reset.`, {
      reason: "second_factor_missing",
      collidesWith: { kind: "member", id: user.id },
    });
  const askedAt = source.now();
  const effectiveAt = new Date(askedAt.getTime() + COOLING_MS);
  const data = { byName: by, askedAt, effectiveAt };
  await db.twoFactorReset.upsert({
    where: { userId: user.id },
    create: { userId: user.id, ...data },
    update: data,
  });
  await recordInAllAccounts(db, source, user.id, "member.twoFactorResetAsked", { by });
  const notice = { by, effectiveAt: effectiveAt.toISOString(), publicUrl: deps.publicUrl };
  await deps.queueMail(db, twoFactorResetMail(user.email, notice), { kind: "security" });
  return effectiveAt;
}

/**
 * Resets the second factor of a person whose day has come: app and recovery codes end, and so do their sessions. Called when they sign in
 * with a first factor. Safe to call at any time.
 */
export async function applyDueReset(
  source: ContextSource,
  where: { id: string } | { email: string },
  deps: NoticeDeps,
): Promise<void> {
  const at = source.now();
  const isDue = { effectiveAt: { lte: at } };
  if ((await source.db.twoFactorReset.count({ where: { ...isDue, user: where } })) === 0) return;
  await source.db.$transaction(async (db) => {
    const user = await db.user.findUniqueOrThrow({ where });
    await lockUser(db, user.id);
    const { count } = await db.twoFactorReset.deleteMany({ where: { userId: user.id, ...isDue } });
    if (count === 0) return;
    await db.twoFactor.deleteMany({ where: { userId: user.id } });
    await db.user.update({ where: { id: user.id }, data: { twoFactorEnabled: false } });
    await db.session.deleteMany({ where: { userId: user.id } });
    await recordInAllAccounts(db, source, user.id, "member.twoFactorReset", {});
    const text =
      "Your second factor was reset: your authenticator app and recovery codes are not asked any more.";
    await mailSecurityChange(db, deps, { email: user.email, text, at });
  });
}

/** Stops a reset that waits, because the person has used the factor. */
export async function cancelReset(db: Transaction, source: ContextSource, userId: string): Promise<void> {
  const { count } = await db.twoFactorReset.deleteMany({ where: { userId } });
  if (count > 0) await recordInAllAccounts(db, source, userId, "member.twoFactorResetCanceled", {});
}
