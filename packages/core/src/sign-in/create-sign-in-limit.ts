import type { Database } from "@waxseal/db";
import type { BetterAuthPlugin, GenericEndpointContext } from "better-auth";
import { APIError, createAuthMiddleware } from "better-auth/api";
import { z } from "zod";
import { type Allowance, restoreAllowance, takeAllowance } from "../limits/take-allowance.ts";
import { findKnownDevice, rememberDevice } from "./known-device.ts";
import { mailboxHash } from "./mailbox-hash.ts";

const SignIn = z.object({ email: z.string() });
const Reset = z.object({ token: z.string().max(200) });

/** Limit for all unknown browsers of one person together: about 500 attempts a day. */
const STRANGERS: Allowance = { burst: 20, refillSeconds: 180 };
/** Limit for one browser that this person has signed in with. */
const DEVICE: Allowance = { burst: 10, refillSeconds: 90 };

/**
 * Limits guesses of one person's password from many addresses, without letting the guesser lock the person out.
 *
 * Postgres counts wrong passwords per email address for all processes, also for an address without a sign-in. A browser that the person has
 * signed in with before, or used a mailed link in, has a separate limit; passkeys are not counted. An attempt is counted before the
 * password is compared, so that simultaneous attempts count too; the right password resets the count.
 *
 * NIST SP 800-63B §5.2.2
 */
export function createSignInLimit({ db, now, isOn }: { db: Database; now(): Date; isOn: boolean }) {
  const limitOf = async (ctx: GenericEndpointContext, email: string) => {
    const device = await findKnownDevice(ctx, email);
    return device === undefined
      ? { key: `sign-in:${mailboxHash(email)}`, allowance: STRANGERS }
      : { key: `sign-in:${mailboxHash(email)}:${device}`, allowance: DEVICE };
  };
  /** The user of the mailed link that a request uses; after the request the link is used up and names no user. */
  const linkUsers = new WeakMap<Request, string>();
  const isSignIn = ({ path }: { path?: string }) => isOn && path === "/sign-in/email";
  return {
    id: "sign-in-limit",
    hooks: {
      before: [
        {
          matcher: isSignIn,
          handler: createAuthMiddleware(async (ctx) => {
            const email = SignIn.safeParse(ctx.body).data?.email;
            if (email === undefined) return;
            const { key, allowance } = await limitOf(ctx, email);
            if (await takeAllowance(db, key, allowance)) return;
            throw new APIError("TOO_MANY_REQUESTS", {
              code: "TOO_MANY_SIGN_INS",
              message:
                "Too many wrong passwords for this address. Wait 15 minutes, use a passkey, or set a new password: that works at once.",
            });
          }),
        },
        {
          matcher: ({ path }) => path === "/reset-password",
          handler: createAuthMiddleware(async (ctx) => {
            const token = Reset.safeParse(ctx.body).data?.token;
            if (token === undefined) return;
            const where = { identifier: `reset-password:${token}`, expiresAt: { gt: now() } };
            const row = await db.verification.findFirst({ where });
            const user = row && (await db.user.findUnique({ where: { id: row.value } }));
            if (user && ctx.request) linkUsers.set(ctx.request, user.email);
          }),
        },
      ],
      after: [
        {
          matcher: isSignIn,
          handler: createAuthMiddleware(async (ctx) => {
            const email = SignIn.safeParse(ctx.body).data?.email;
            if (email === undefined || ctx.context.returned instanceof APIError) return;
            await restoreAllowance(db, (await limitOf(ctx, email)).key);
          }),
        },
        {
          matcher: ({ path }) => path === "/reset-password",
          handler: createAuthMiddleware(async (ctx) => {
            const email = ctx.request && linkUsers.get(ctx.request);
            if (email !== undefined && !(ctx.context.returned instanceof APIError))
              await rememberDevice(ctx, email);
          }),
        },
      ],
    },
  } satisfies BetterAuthPlugin;
}

/** Remembers the browser of a person who has signed in, in any way and with all factors. Has to be the last plugin. */
export function rememberDevices() {
  return {
    id: "remember-devices",
    hooks: {
      after: [
        {
          matcher: () => true,
          handler: createAuthMiddleware(async (ctx) => {
            const { newSession } = ctx.context;
            if (newSession) await rememberDevice(ctx, newSession.user.email);
          }),
        },
      ],
    },
  } satisfies BetterAuthPlugin;
}
