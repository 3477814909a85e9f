import type { BetterAuthPlugin } from "better-auth";
import { APIError, createAuthMiddleware, getSessionFromCtx } from "better-auth/api";
import { z } from "zod";
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
 * Takes recovery codes with or without dash and blanks, applies a reset of a lost factor whose day has come, and refuses to turn off the last
 * second factor where an account requires one.
 */
export function guardSecondFactor(source: ContextSource, deps: NoticeDeps) {
  return {
    id: "guard-second-factor",
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
        {
          matcher: ({ path }) => path === "/two-factor/disable",
          handler: createAuthMiddleware(async (ctx) => {
            const session = await getSessionFromCtx(ctx, { disableRefresh: true }).catch(() => null);
            if (!session) return;
            const userId = session.user.id;
            const passkey = (await source.db.passkey.count({ where: { userId } })) > 0;
            await refuseLastFactor(source.db, userId, { app: false, passkey }).catch((cause: unknown) => {
              if (!(cause instanceof AppError)) throw cause;
              throw new APIError("CONFLICT", { code: "LAST_FACTOR", message: cause.message });
            });
          }),
        },
      ],
    },
  } satisfies BetterAuthPlugin;
}

/** As the code was made: two halves and a dash, in the case it was shown in. */
export function tidyRecoveryCode(text: string): string {
  const plain = text.replace(/[\s\p{Pd}]/gu, "");
  return plain.length === 2 * HALF ? `${plain.slice(0, HALF)}-${plain.slice(HALF)}` : text.trim();
}
