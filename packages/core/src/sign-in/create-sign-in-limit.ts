import type { BetterAuthPlugin } from "better-auth";
import { APIError, createAuthMiddleware } from "better-auth/api";
import { z } from "zod";

const WINDOW_MS = 15 * 60_000;
const MAX_ADDRESSES = 100_000;

const SignIn = z.object({ email: z.string() });

/**
 * Ends guessing one person's password from many addresses: after `maxFailures` wrong ones within 15 minutes nobody gets a try for that e-mail
 * address until the first of them is 15 minutes old, whether it has a sign-in or not. The right password in between starts anew.
 *
 * Counted in this process: with several, each counts for itself.
 * NIST SP 800-63B §5.2.2
 */
export function createSignInLimit({ now, maxFailures }: { now(): Date; maxFailures: number }) {
  const failures = new Map<string, { count: number; since: number }>();
  const find = (email: string) => {
    const entry = failures.get(email);
    return entry && now().getTime() - entry.since < WINDOW_MS ? entry : undefined;
  };
  const fail = (email: string) => {
    const entry = find(email);
    if (entry) {
      entry.count++;
      return;
    }
    failures.delete(email);
    failures.set(email, { count: 1, since: now().getTime() });
    // The oldest stand first.
    const [oldest] = failures.keys();
    if (failures.size > MAX_ADDRESSES && oldest !== undefined) failures.delete(oldest);
  };
  const matcher = ({ path }: { path?: string }) => path === "/sign-in/email";
  return {
    id: "sign-in-limit",
    hooks: {
      before: [
        {
          matcher,
          handler: createAuthMiddleware(async ({ body }) => {
            const email = readEmail(body);
            if (email !== undefined && (find(email)?.count ?? 0) >= maxFailures)
              throw new APIError("TOO_MANY_REQUESTS", {
                code: "TOO_MANY_SIGN_INS",
                message: "Too many wrong passwords for this address. Wait a quarter of an hour.",
              });
          }),
        },
      ],
      after: [
        {
          matcher,
          handler: createAuthMiddleware(async ({ body, context }) => {
            const email = readEmail(body);
            if (email === undefined) return;
            const { returned } = context;
            if (!(returned instanceof APIError)) failures.delete(email);
            else if (returned.status === "UNAUTHORIZED") fail(email);
          }),
        },
      ],
    },
  } satisfies BetterAuthPlugin;
}

function readEmail(body: unknown): string | undefined {
  return SignIn.safeParse(body).data?.email.trim().toLowerCase();
}
