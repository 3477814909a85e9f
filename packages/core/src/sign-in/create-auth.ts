import type { Database, User } from "@waxseal/db";
import { betterAuth } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { organization } from "better-auth/plugins/organization";
import { twoFactor } from "better-auth/plugins/two-factor";
import { z } from "zod";
import { ensureOwnAccount } from "../accounts/ensure-own-account.ts";
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from "../accounts/password-rule.ts";
import { recordJoining } from "../accounts/record-joining.ts";
import type { Mail } from "../mail/create-mailer.ts";
import { alreadyRegisteredMail, passwordResetMail, verificationMail } from "../mail/format-account-mails.ts";
import { chooseSessionOrigin } from "./choose-session-origin.ts";
import { CLIENT_ADDRESS_HEADER } from "./client-address-header.ts";
import { createPasskeyPlugin } from "./create-passkey-plugin.ts";
import { createSignInLimit } from "./create-sign-in-limit.ts";
import { createSsoPlugin, type SsoSignIn } from "./create-sso-plugin.ts";
import type { AuthSecret } from "./derive-auth-secrets.ts";
import { followSecurityChanges } from "./follow-security-changes.ts";
import { keepSsoToItsAccount } from "./keep-sso-to-its-account.ts";
import { refuseGuessablePassword } from "./refuse-guessable-password.ts";
import { refuseUsedCodes } from "./refuse-used-codes.ts";

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
  /** Left out: nobody signs in by an identity provider. */
  sso?: SsoSignIn;
  /** In place of scrypt, so that a test can count. */
  passwords?: {
    hash(password: string): Promise<string>;
    verify(attempt: { hash: string; password: string }): Promise<boolean>;
  };
  /** Told about what went wrong inside, e.g. a mail that was not taken; never with what a person typed. */
  onProblem?(message: string, error: Error | undefined): void;
};

/**
 * What the library could do to an account or a person's sign-in beside our verbs, which alone know the permission table and the audit log,
 * and never hand out a session's token. Accepting an invitation and choosing an account stay with the library.
 */
const OUR_OWN_PATHS = [
  "/passkey/list-user-passkeys",
  "/passkey/update-passkey",
  "/passkey/delete-passkey",
  "/list-sessions",
  "/revoke-session",
  "/revoke-sessions",
  "/revoke-other-sessions",
  "/update-session",
  "/verify-password",
  "/two-factor/get-totp-uri",
  "/sign-in/social",
  "/link-social",
  "/unlink-account",
  "/list-accounts",
  "/account-info",
  "/get-access-token",
  "/refresh-token",
  ...[
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
  ].map((name) => `/organization/${name}`),
];

const ONE_DAY_SECONDS = 86_400;

/** How long after signing in a passkey may be added without signing in again. */
const FRESH_SECONDS = 900;

type NewSession = { userId: string; activeOrganizationId?: string | null } & Record<string, unknown>;

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
  const { db, now, publicUrl, sso } = options;
  /** Not waited for: how long a mail takes would tell whether an address has a sign-in. */
  const sendMail = async (mail: Mail): Promise<void> => {
    void options.sendMail(mail).catch((error: unknown) => {
      options.onProblem?.("A mail was not taken", error instanceof Error ? error : undefined);
    });
  };
  const trustedOrigins = options.trustedOrigins ?? [];
  return betterAuth({
    appName: "Waxseal",
    baseURL: publicUrl,
    basePath: "/api/auth",
    secrets: options.secrets,
    database: prismaAdapter(db, { provider: "postgresql", transaction: true }),
    account: { modelName: "credential" },
    disabledPaths: OUR_OWN_PATHS,
    trustedOrigins: [publicUrl, ...trustedOrigins],
    emailAndPassword: {
      enabled: true,
      requireEmailVerification: true,
      minPasswordLength: MIN_PASSWORD_LENGTH,
      maxPasswordLength: MAX_PASSWORD_LENGTH,
      revokeSessionsOnPasswordReset: true,
      ...(options.passwords && { password: options.passwords }),
      sendResetPassword: ({ user, url }) => sendMail(passwordResetMail(user.email, url)),
      onExistingUserSignUp: ({ user }) => sendMail(alreadyRegisteredMail(user.email, publicUrl)),
    },
    hooks: { before: refuseGuessablePassword, after: followSecurityChanges({ db, now }) },
    emailVerification: {
      sendOnSignUp: true,
      sendOnSignIn: true,
      autoSignInAfterVerification: true,
      expiresIn: ONE_DAY_SECONDS,
      sendVerificationEmail: ({ user, url }) => sendMail(verificationMail(user.email, url)),
    },
    session: {
      expiresIn: 30 * ONE_DAY_SECONDS,
      updateAge: ONE_DAY_SECONDS,
      freshAge: FRESH_SECONDS,
      additionalFields: {
        signedInBy: { type: "string", required: false, input: false },
        ssoAccountId: { type: "string", required: false, input: false },
      },
    },
    plugins: [
      createSignInLimit({ now, maxFailures: options.limitsRate === false ? Number.POSITIVE_INFINITY : 20 }),
      twoFactor({
        issuer: "Waxseal",
        // Who came by single sign-on alone has no password to repeat.
        allowPasswordless: true,
        // A device that is trusted would let a stolen one in.
        trustDeviceMaxAge: 0,
        accountLockout: { enabled: true, maxFailedAttempts: 10, durationSeconds: 900 },
      }),
      refuseUsedCodes({ db, now }),
      keepSsoToItsAccount(),
      createPasskeyPlugin({ db, origins: [publicUrl, ...trustedOrigins] }),
      createSsoPlugin({ sso, db, now, publicUrl }),
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
          before: async (session: NewSession, context) => {
            const user: User = await db.user.findUniqueOrThrow({ where: { id: session.userId } });
            const origin = await chooseSessionOrigin(session, context, user);
            if (!origin) return false;
            const own = session.activeOrganizationId ?? (await ensureOwnAccount(db, user, { at: now() }));
            return { data: { ...session, ...origin, activeOrganizationId: origin.ssoAccountId ?? own } };
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
        "/sso/start": { window: 60, max: 20 },
        "/sso/finish": { window: 60, max: 20 },
        "/passkey/verify-authentication": { window: 60, max: 20 },
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
