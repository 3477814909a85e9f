import type { Database, User } from "@waxseal/db";
import { DAY_SECONDS } from "@waxseal/runtime/time-spans";
import { betterAuth } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { hashPassword, verifyPassword } from "better-auth/crypto";
import { twoFactor } from "better-auth/plugins/two-factor";
import { claimMailbox } from "../accounts/claim-mailbox.ts";
import { findStartAccount } from "../accounts/find-start-account.ts";
import { mailSecurityChange } from "../accounts/mail-person.ts";
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from "../accounts/password-rule.ts";
import { recordInAllAccounts } from "../accounts/record-in-all-accounts.ts";
import type { SignUpRule } from "../accounts/sign-up-rule.ts";
import { allowMail } from "../limits/allow-mail.ts";
import { passwordResetMail } from "../mail/format-account-mails.ts";
import type { OutgoingMailKind, QueueMail } from "../mail/queue-mail.ts";
import { boundTexts } from "./bound-texts.ts";
import { chooseSessionOrigin } from "./choose-session-origin.ts";
import { CLIENT_ADDRESS_HEADER } from "./client-address-header.ts";
import { createPasskeyPlugin } from "./create-passkey-plugin.ts";
import { createSignInLimit, rememberDevices } from "./create-sign-in-limit.ts";
import { createSignUpPlugin, type SendMail } from "./create-sign-up-plugin.ts";
import { createSsoPlugin, type SsoSignIn } from "./create-sso-plugin.ts";
import type { AuthSecret } from "./derive-auth-secrets.ts";
import { followSecurityChanges } from "./follow-security-changes.ts";
import { guardSecondFactor } from "./guard-second-factor.ts";
import { keepSsoToItsAccount } from "./keep-sso-to-its-account.ts";
import { openOnlyAllowed } from "./open-only-allowed.ts";
import { type Passwords, queuePasswords } from "./queue-passwords.ts";
import { refuseForeignRedirects } from "./refuse-foreign-redirects.ts";
import { refuseGuessablePassword } from "./refuse-guessable-password.ts";
import { refuseUsedCodes } from "./refuse-used-codes.ts";
import { watchForAbsence } from "./watch-for-absence.ts";
import { wordRefusals } from "./word-refusals.ts";

/** What sign-in depends on. */
export type AuthOptions = {
  db: Database;
  /** See `deriveAuthSecrets`. */
  secrets: AuthSecret[];
  /** Where people reach the dashboard, without a trailing slash. */
  publicUrl: string;
  queueMail: QueueMail;
  now(): Date;
  /** Further origins that may sign in, e.g. a development server. */
  trustedOrigins?: readonly string[];
  /** false: no limit on sign-ins, sign-ups and mails. Tests only. */
  limitsRate?: boolean;
  /** Who may sign up unless the operator has set another rule by command. Default: anyone. */
  signUpRule?: SignUpRule;
  /** Left out: single sign-on is off. */
  sso?: SsoSignIn;
  /** In place of scrypt, so that a test can count. */
  passwords?: Passwords;
  /** Called with what went wrong inside, e.g. a mail that was not taken; never with what a person typed. */
  onProblem?(message: string, error: Error | undefined): void;
};

const BASE_PATH = "/api/auth";

/** How long the link in a mail works. */
const LINK_SECONDS: Partial<Record<OutgoingMailKind, number>> = { confirm: DAY_SECONDS, reset: 3_600 };

/** How long after signing in a passkey may be added without signing in again. */
const FRESH_SECONDS = 900;

/** Characters kept of what a browser calls itself. */
const MAX_USER_AGENT = 500;

type NewSession = {
  userId: string;
  activeOrganizationId?: string | null;
  userAgent?: string | null | undefined;
} & Record<string, unknown>;

/** Sign-in as made by {@link createAuth}: `handler` answers `/api/auth/*`, `api` is for callers in this process. */
export type Auth = ReturnType<typeof createAuth>;

/**
 * Sign-up and sign-in: email and password, passkeys, single sign-on, two-factor. A session starts in the account its user worked in last.
 *
 * Only the endpoints that `openOnlyAllowed` names are open. `handler` rejects when the database is away. Cookies are Secure when `publicUrl` is https.
 */
export function createAuth(options: AuthOptions) {
  const { db, now, publicUrl, sso, limitsRate = true } = options;
  /** Callers do not wait for it: the time to count and queue a mail would reveal whether an address has a sign-in. */
  const sendMail: SendMail = (kind, mail) => {
    const queued = db.$transaction(async (tx) => {
      if (limitsRate && !(await allowMail(tx, kind, mail.to))) return;
      await options.queueMail(tx, mail, { kind, usefulSeconds: LINK_SECONDS[kind] });
    });
    queued.catch((error: unknown) => {
      options.onProblem?.("A mail could not be queued", error instanceof Error ? error : undefined);
    });
  };
  const notices = { publicUrl, queueMail: options.queueMail };
  const trustedOrigins = options.trustedOrigins ?? [];
  const { watched, rejectWhereAway } = watchForAbsence(db);
  const auth = betterAuth({
    appName: "Waxseal",
    baseURL: publicUrl,
    basePath: BASE_PATH,
    secrets: options.secrets,
    database: prismaAdapter(watched, { provider: "postgresql", transaction: true }),
    account: { modelName: "credential" },
    trustedOrigins: [publicUrl, ...trustedOrigins],
    emailAndPassword: {
      enabled: true,
      requireEmailVerification: true,
      minPasswordLength: MIN_PASSWORD_LENGTH,
      maxPasswordLength: MAX_PASSWORD_LENGTH,
      revokeSessionsOnPasswordReset: true,
      password: queuePasswords(options.passwords ?? { hash: hashPassword, verify: verifyPassword }),
      sendResetPassword: async ({ user, url }) => sendMail("reset", passwordResetMail(user.email, url)),
      // The link showed the mailbox, so it confirms the address too.
      onPasswordReset: async ({ user }) => {
        await db.$transaction(async (tx) => {
          const row = await tx.user.findUniqueOrThrow({ where: { id: user.id } });
          await claimMailbox(tx, row, { keepsPassword: true });
          await recordInAllAccounts(tx, { db, now }, user.id, "member.passwordChanged", {});
          const text = "A new password was set for your sign-in, by a link mailed to this address.";
          await mailSecurityChange(tx, notices, { email: user.email, text, at: now() });
        });
      },
    },
    hooks: { before: refuseGuessablePassword, after: followSecurityChanges({ db, now }, notices) },
    session: {
      expiresIn: 30 * DAY_SECONDS,
      updateAge: DAY_SECONDS,
      freshAge: FRESH_SECONDS,
      additionalFields: {
        signedInBy: { type: "string", required: false, input: false },
        ssoAccountId: { type: "string", required: false, input: false },
        activeOrganizationId: { type: "string", required: false, input: false },
      },
    },
    plugins: [
      openOnlyAllowed(BASE_PATH),
      boundTexts(),
      refuseForeignRedirects(),
      createSignInLimit({ db, now, isOn: limitsRate }),
      createSignUpPlugin({
        db,
        now,
        publicUrl,
        sendMail,
        signUpRule: options.signUpRule ?? { kind: "open" },
      }),
      twoFactor({
        issuer: "Waxseal",
        // A user with single sign-on only has no password to repeat.
        allowPasswordless: true,
        // A trusted device would also let in its thief.
        trustDeviceMaxAge: 0,
        accountLockout: { enabled: true, maxFailedAttempts: 10, durationSeconds: 900 },
      }),
      guardSecondFactor({ db, now }, notices),
      refuseUsedCodes({ db, now }),
      keepSsoToItsAccount(),
      createPasskeyPlugin({ origins: [publicUrl, ...trustedOrigins] }),
      createSsoPlugin({ sso, db, now, publicUrl, notices }),
      rememberDevices(),
    ],
    databaseHooks: {
      session: {
        create: {
          before: async (session: NewSession, context) => {
            const user: User = await db.user.findUniqueOrThrow({ where: { id: session.userId } });
            const origin = await chooseSessionOrigin(session, context, user);
            if (!origin) return false;
            const start = session.activeOrganizationId ?? (await findStartAccount(db, user));
            const userAgent = session.userAgent?.slice(0, MAX_USER_AGENT) ?? null;
            const activeOrganizationId = origin.ssoAccountId ?? start;
            return { data: { ...session, ...origin, userAgent, activeOrganizationId } };
          },
        },
      },
    },
    rateLimit: {
      enabled: limitsRate,
      storage: "memory",
      window: 60,
      max: 300,
      customRules: {
        "/sign-in/email": { window: 60, max: 20 },
        "/sign-up/email": { window: 600, max: 30 },
        "/send-verification-email": { window: 60, max: 5 },
        "/confirm-email": { window: 60, max: 20 },
        "/request-password-reset": { window: 60, max: 5 },
        // A whole company signs in from one address; accounts and mailboxes have separate limits.
        "/sso/start": { window: 60, max: 600 },
        "/sso/finish": { window: 60, max: 600 },
        "/two-factor/verify-*": { window: 60, max: 300 },
        "/two-factor/*": { window: 60, max: 20 },
        "/passkey/verify-authentication": { window: 60, max: 300 },
      },
    },
    advanced: {
      cookiePrefix: "waxseal",
      // Set explicitly: the library skips the check where it believes that it runs in a test.
      disableOriginCheck: false,
      disableCSRFCheck: false,
      useSecureCookies: publicUrl.startsWith("https:"),
      defaultCookieAttributes: { sameSite: "lax", httpOnly: true },
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS_HEADER] },
    },
    telemetry: { enabled: false },
    logger: {
      level: "error",
      // The library logs email addresses beside its messages; we keep only errors.
      log: (_level, message, ...detail) =>
        options.onProblem?.(
          message,
          detail.find((item) => item instanceof Error),
        ),
    },
    // What is not an answer of the library's own goes to the caller as it is.
    onAPIError: { throw: true },
  });
  return {
    ...auth,
    handler: (request: Request) => rejectWhereAway(async () => wordRefusals(await auth.handler(request))),
  };
}
