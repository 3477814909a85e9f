import { createHash } from "node:crypto";
import { type Database, isUniqueViolation } from "@waxseal/db";
import type { BetterAuthPlugin } from "better-auth";
import { APIError, createAuthMiddleware } from "better-auth/api";
import { deleteSessionCookie } from "better-auth/cookies";
import { z } from "zod";
import { readDeletionTime } from "../operating/read-deletion-time.ts";
import { findChallenged } from "./ask-second-factor.ts";

/** Longer than any code is taken: its own half minute and one before and after. */
const REMEMBERED_MS = 180_000;

const Answer = z.object({ code: z.string().max(20) });

/**
 * Accepts each code of an authenticator app once, so that an observed or intercepted code is worthless afterwards.
 *
 * RFC 6238 §5.2
 */
export function refuseUsedCodes({ db, now }: { db: Database; now(): Date }) {
  const matcher = ({ path }: { path?: string }) => path === "/two-factor/verify-totp";
  return {
    id: "refuse-used-codes",
    hooks: {
      before: [
        {
          matcher,
          handler: createAuthMiddleware(async (ctx) => {
            const { data } = Answer.safeParse(ctx.body);
            const userId = await findChallenged(ctx);
            if (!data || userId === undefined) return;
            const where = { id: nameOf(userId, data.code), expiresAt: { gt: now() } };
            if ((await db.verification.count({ where })) > 0) throw usedBefore();
          }),
        },
      ],
      after: [
        {
          matcher,
          handler: createAuthMiddleware(async (ctx) => {
            const { newSession, session } = ctx.context;
            const { data } = Answer.safeParse(ctx.body);
            // With a session it is the set-up of an app, or proves nothing.
            if (!newSession || session || !data) return;
            const id = nameOf(newSession.user.id, data.code);
            const expiredAt = await readDeletionTime(db, now());
            await db.verification.deleteMany({ where: { id, expiresAt: { lte: expiredAt } } });
            try {
              const expiresAt = new Date(now().getTime() + REMEMBERED_MS);
              await db.verification.create({ data: { id, identifier: id, value: "", expiresAt } });
            } catch (cause) {
              if (!isUniqueViolation(cause)) throw cause;
              // The same code twice at once: the other one was faster.
              await ctx.context.internalAdapter.deleteSession(newSession.session.token);
              deleteSessionCookie(ctx);
              throw usedBefore();
            }
          }),
        },
      ],
    },
  } satisfies BetterAuthPlugin;
}

function nameOf(userId: string, code: string): string {
  return `used-code-${createHash("sha256").update(`${userId} ${code}`).digest("base64url")}`;
}

function usedBefore(): APIError {
  return new APIError("UNAUTHORIZED", {
    code: "CODE_USED_BEFORE",
    message: "This code was used already. Wait for the next one.",
  });
}
