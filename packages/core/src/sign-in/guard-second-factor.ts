import type { BetterAuthPlugin, GenericEndpointContext } from "better-auth";
import { APIError, createAuthMiddleware } from "better-auth/api";
import { z } from "zod";
import { lockUser } from "../accounts/lock-user.ts";
import type { NoticeDeps } from "../accounts/mail-person.ts";
import { refuseLastFactor } from "../accounts/refuse-last-factor.ts";
import { applyDueReset } from "../accounts/reset-two-factor.ts";
import { AppError } from "../app-error.ts";
import type { ContextSource } from "../context.ts";

const SignIn = z.object({ email: z.string() });
const Recovery = z.object({ code: z.string().max(40) });
/** Characters before and after the dash of a recovery code. */
const HALF = 5;

/**
 * Accepts recovery codes with or without dash and blanks, applies a due reset of a lost factor, and refuses to turn off the last second
 * factor where an account requires one.
 */
export function guardSecondFactor(source: ContextSource, deps: NoticeDeps) {
  return {
    id: "guard-second-factor",
    init: () => ({
      options: {
        databaseHooks: { user: { update: { before: (data, ctx) => turnAppOff(source, data, ctx) } } },
      },
    }),
    hooks: {
      before: [
        {
          matcher: ({ path }) => path === "/two-factor/verify-backup-code",
          handler: createAuthMiddleware(async ({ body }) => {
            const { data } = Recovery.safeParse(body);
            if (data) return { context: { body: { ...Object(body), code: tidyRecoveryCode(data.code) } } };
          }),
        },
        {
          matcher: ({ path }) => path === "/sign-in/email",
          handler: createAuthMiddleware(async ({ body }) => {
            const { data } = SignIn.safeParse(body);
            if (data) await applyDueReset(source, { email: data.email.trim().toLowerCase() }, deps);
          }),
        },
      ],
    },
  } satisfies BetterAuthPlugin;
}

/**
 * Turns the authenticator app off under the lock that removing a passkey takes, so that of the last two factors, both removed at once, one
 * remains. The library then writes the same value again. Runs after the library has checked the password.
 */
async function turnAppOff(
  { db }: ContextSource,
  { twoFactorEnabled }: Record<string, unknown>,
  ctx: GenericEndpointContext | null,
): Promise<void> {
  const userId = ctx?.context.session?.user.id;
  if (twoFactorEnabled !== false || !userId) return;
  const turnedOff = db.$transaction(async (tx) => {
    await lockUser(tx, userId);
    const passkey = (await tx.passkey.count({ where: { userId } })) > 0;
    await refuseLastFactor(tx, userId, { app: false, passkey });
    await tx.user.update({ where: { id: userId }, data: { twoFactorEnabled } });
  });
  await turnedOff.catch((cause: unknown) => {
    if (!(cause instanceof AppError)) throw cause;
    throw new APIError("CONFLICT", { code: "LAST_FACTOR", message: cause.message });
  });
}

/** Formats a typed code as it was issued: two halves and a dash, with letters in the case that was shown. */
export function tidyRecoveryCode(text: string): string {
  const plain = text.replace(/[\s\p{Pd}]/gu, "");
  return plain.length === 2 * HALF ? `${plain.slice(0, HALF)}-${plain.slice(HALF)}` : text.trim();
}
