import type { Database, User } from "@waxseal/db";
import { betterAuth } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { organization } from "better-auth/plugins/organization";
import { twoFactor } from "better-auth/plugins/two-factor";
import { z } from "zod";
import { ensureOwnAccount } from "../accounts/ensure-own-account.ts";
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from "../accounts/password-rule.ts";
import { recordJoining } from "../accounts/record-joining.ts";
import { CLIENT_ADDRESS_HEADER } from "./client-address-header.ts";
import type { Mail } from "./create-mailer.ts";
import { createSignInLimit } from "./create-sign-in-limit.ts";
import type { AuthSecret } from "./derive-auth-secrets.ts";
import { endOtherSessionsAfterChange } from "./end-other-sessions-after-change.ts";
import { alreadyRegisteredMail, passwordResetMail, verificationMail } from "./format-account-mails.ts";
import { refuseGuessablePassword } from "./refuse-guessable-password.ts";

/** What sign-in depends on. */
export type AuthOptions = {
  db: Database;
  /** See `deriveAuthSecrets`. */
  secrets: AuthSecret[];
  /** Where people reach the dashboard, without a trailing slash. */
  publicUrl: string;
  sendMail(mail: Mail): Promise<void>;
  now(): Date;
  /** Further origins that may sign in, e.g. a development server. */
  trustedOrigins?: readonly string[];
  /** false: no limit on sign-ins and sign-ups. Tests only. */
  limitsRate?: boolean;
  /** Told about what went wrong inside, e.g. a mail that was not taken; never with what a person typed. */
  onProblem?(message: string, error: Error | undefined): void;
};

/**
 * What the library could do to an account beside our verbs, which alone know the permission table and the audit log.
 * Accepting an invitation and choosing an account stay with the library.
 */
const OUR_OWN_PATHS = [
  "create",
  "update",
  "delete",
  "leave",
  "invite-member",
  "cancel-invitation",
  "list-invitations",
  "remove-member",
  "update-member-role",
  "list-members",
  "get-full-organization",
  "create-role",
  "update-role",
  "delete-role",
].map((name) => `/organization/${name}`);

const ONE_DAY_SECONDS = 86_400;

/** Sign-in as made by {@link createAuth}: `handler` answers `/api/auth/*`, `api` is for callers in this process. */
export type Auth = ReturnType<typeof createAuth>;

/**
 * Sign-up, sign-in and accounts: e-mail and password, a verification mail before the first sign-in, an account
 * of one's own with the first session.
 *
 * A sign-up with a taken address is answered like any other; the owner of the address is told by mail.
 * Cookies are Secure when `publicUrl` is https.
 */
export function createAuth(options: AuthOptions) {
  const { db, publicUrl, sendMail } = options;
  const now = options.now;
  return betterAuth({
    appName: "Waxseal",
    baseURL: publicUrl,
    basePath: "/api/auth",
    secrets: options.secrets,
    database: prismaAdapter(db, { provider: "postgresql", transaction: true }),
    account: { modelName: "credential" },
    disabledPaths: [...OUR_OWN_PATHS],
    trustedOrigins: [publicUrl, ...(options.trustedOrigins ?? [])],
    emailAndPassword: {
      enabled: true,
      requireEmailVerification: true,
      minPasswordLength: MIN_PASSWORD_LENGTH,
      maxPasswordLength: MAX_PASSWORD_LENGTH,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: ({ user, url }) => sendMail(passwordResetMail(user.email, url)),
      onExistingUserSignUp: ({ user }) => sendMail(alreadyRegisteredMail(user.email, publicUrl)),
    },
    hooks: { before: refuseGuessablePassword, after: endOtherSessionsAfterChange(db) },
    emailVerification: {
      sendOnSignUp: true,
      sendOnSignIn: true,
      autoSignInAfterVerification: true,
      expiresIn: ONE_DAY_SECONDS,
      sendVerificationEmail: ({ user, url }) => sendMail(verificationMail(user.email, url)),
    },
    session: { expiresIn: 30 * ONE_DAY_SECONDS, updateAge: ONE_DAY_SECONDS },
    plugins: [
      createSignInLimit({ now, maxFailures: options.limitsRate === false ? Number.POSITIVE_INFINITY : 20 }),
      twoFactor({
        issuer: "Waxseal",
        // A device that is trusted would let a stolen one in.
        trustDeviceMaxAge: 0,
        accountLockout: { enabled: true, maxFailedAttempts: 10, durationSeconds: 900 },
      }),
      organization({
        organizationLimit: 20,
        // An account holds domains that senders rely on; it is never gone by one request.
        disableOrganizationDeletion: true,
        organizationHooks: {
          afterAcceptInvitation: ({ user, member, organization: account }) =>
            recordJoining({ db, now }, account.id, user, member.role),
        },
      }),
    ],
    databaseHooks: {
      user: {
        create: {
          after: async (user, context) => {
            const accountName = readAccountName(context?.body);
            await ensureOwnAccount(db, user, { accountName, at: now() });
          },
        },
      },
      session: {
        create: {
          before: async (session) => {
            const user: User = await db.user.findUniqueOrThrow({ where: { id: session.userId } });
            const accountId = await ensureOwnAccount(db, user, { at: now() });
            return { data: { ...session, activeOrganizationId: accountId } };
          },
        },
      },
    },
    rateLimit: {
      enabled: options.limitsRate ?? true,
      storage: "memory",
      window: 60,
      max: 300,
      customRules: {
        "/sign-in/email": { window: 60, max: 20 },
        "/sign-up/email": { window: 600, max: 30 },
        "/send-verification-email": { window: 60, max: 5 },
        "/request-password-reset": { window: 60, max: 5 },
      },
    },
    advanced: {
      cookiePrefix: "waxseal",
      // Said out loud: the library leaves it out wherever it believes to be tested.
      disableOriginCheck: false,
      disableCSRFCheck: false,
      useSecureCookies: publicUrl.startsWith("https:"),
      defaultCookieAttributes: { sameSite: "lax", httpOnly: true },
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS_HEADER] },
    },
    telemetry: { enabled: false },
    logger: {
      level: "error",
      // The library hands over addresses beside its messages; only errors go on.
      log: (_level, message, ...detail) =>
        options.onProblem?.(
          message,
          detail.find((item) => item instanceof Error),
        ),
    },
  });
}

/** The name the sign-up form gives the new account, as `accountName` or `company`. */
function readAccountName(body: unknown): string | undefined {
  const form = z
    .object({ accountName: z.string().optional(), company: z.string().optional() })
    .safeParse(body);
  return form.data?.accountName ?? form.data?.company;
}
