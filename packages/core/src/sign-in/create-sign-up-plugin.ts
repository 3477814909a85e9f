import { randomBytes, randomUUID } from "node:crypto";
import { readOwnPath } from "@waxseal/contract";
import type { Database, User } from "@waxseal/db";
import { DAY_SECONDS } from "@waxseal/runtime/time-spans";
import type { BetterAuthPlugin, GenericEndpointContext } from "better-auth";
import {
  APIError,
  createAuthEndpoint,
  createAuthMiddleware,
  createEmailVerificationToken,
  formCsrfMiddleware,
  getSessionFromCtx,
} from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import { z } from "zod";
import { ensureOwnAccount } from "../accounts/ensure-own-account.ts";
import { readPersonName } from "../accounts/read-person-name.ts";
import { explainSignUpRefusal, getSignUpRule, type SignUpRule } from "../accounts/sign-up-rule.ts";
import type { MailKind } from "../limits/allow-mail.ts";
import type { Mail } from "../mail/create-mailer.ts";
import { alreadyRegisteredMail, verificationMail } from "../mail/format-account-mails.ts";
import { confirmAddress } from "./confirm-address.ts";
import { rememberDevice } from "./known-device.ts";
import { findSignUp, keepSignUp, takeSignUp } from "./pending-sign-up.ts";
import { readConfirmationLink } from "./read-confirmation-link.ts";

/** Sends a mail later, unless its recipient has had too many of the kind. Never throws. */
export type SendMail = (kind: MailKind, mail: Mail) => void;

type Options = { db: Database; now(): Date; publicUrl: string; sendMail: SendMail; signUpRule: SignUpRule };

const COOKIE_NAME = "sign_up";

const Email = z.email().max(254).toLowerCase();
const CallbackUrl = z.string().optional();
const SignUp = z.object({
  name: z.string(),
  email: Email,
  password: z.string(),
  accountName: z.string().max(100).optional(),
  company: z.string().max(100).optional(),
  callbackURL: CallbackUrl,
});

/**
 * Sign-up by email and password, in place of the library's own.
 *
 * No user exists before the mailbox is confirmed: the form's answers wait, and a later form for the same address replaces it. The mailed
 * link shows the mailbox. In the browser that sent the form it makes the sign-in with the form's password and signs in; in every other
 * one it asks for a name and a password, and signs no one in, since the form may have been a stranger's.
 *
 * A taken address is answered like any other, with the same work done; its owner gets a mail.
 */
export function createSignUpPlugin(options: Options) {
  return {
    id: "sign-up",
    // Named as in the library, whose endpoints they replace.
    endpoints: {
      signUpEmail: signUp(options),
      sendVerificationEmail: sendLinkAgain(options),
      verifyEmail: openLink(options),
      confirmEmail: confirmElsewhere(options),
    },
    hooks: { before: [explainUnconfirmed(options)] },
  } satisfies BetterAuthPlugin;
}

function signUp({ db, now, ...options }: Options) {
  return createAuthEndpoint(
    "/sign-up/email",
    { method: "POST", use: [formCsrfMiddleware], body: SignUp },
    async (ctx) => {
      const { email, accountName, company, callbackURL } = ctx.body;
      const name = requireName(ctx.body.name);
      const rule = await getSignUpRule(db, options.signUpRule);
      const refusal = await explainSignUpRefusal({ db, now }, rule, {
        email,
        next: readOwnPath(callbackURL),
      });
      if (refusal) throw new APIError("FORBIDDEN", { code: "SIGN_UP_CLOSED", message: refusal });
      const password = await ctx.context.password.hash(ctx.body.password);
      const at = now();
      const user = await db.user.findUnique({ where: { email } });
      const id = randomBytes(24).toString("base64url");
      const named = accountName ?? company;
      const expiresAt = new Date(at.getTime() + DAY_SECONDS * 1_000);
      await keepSignUp(db, email, { id, name, password, ...(named && { accountName: named }) }, expiresAt);
      const cookie = ctx.context.createAuthCookie(COOKIE_NAME, { maxAge: DAY_SECONDS });
      await ctx.setSignedCookie(cookie.name, id, ctx.context.secret, cookie.attributes);
      if (!user?.emailVerified) await mailLink(ctx, { db, now, ...options }, email, callbackURL);
      else options.sendMail("alreadyRegistered", alreadyRegisteredMail(email, options.publicUrl));
      return ctx.json({
        token: null,
        user: {
          // A random id, so that the answer does not reveal whether the address is taken.
          id: randomUUID(),
          name,
          email,
          emailVerified: false,
          image: null,
          twoFactorEnabled: false,
          createdAt: at,
          updatedAt: at,
        },
      });
    },
  );
}

function sendLinkAgain(options: Options) {
  const { db, now } = options;
  return createAuthEndpoint(
    "/send-verification-email",
    { method: "POST", body: z.object({ email: Email, callbackURL: CallbackUrl }) },
    async (ctx) => {
      const { email, callbackURL } = ctx.body;
      const user = await db.user.findUnique({ where: { email } });
      const pending = await findSignUp(db, email, now());
      if (pending ? !user?.emailVerified : user?.emailVerified === false)
        await mailLink(ctx, options, email, callbackURL);
      return ctx.json({ status: true });
    },
  );
}

async function mailLink(
  ctx: GenericEndpointContext,
  { sendMail }: Options,
  email: string,
  callbackURL: string | undefined,
): Promise<void> {
  const token = await createEmailVerificationToken(ctx.context.secret, email, undefined, DAY_SECONDS);
  const query = new URLSearchParams({ token, callbackURL: readOwnPath(callbackURL) ?? "/" });
  sendMail("confirm", verificationMail(email, `${ctx.context.baseURL}/verify-email?${query}`));
}

function openLink({ db, now }: Options) {
  return createAuthEndpoint(
    "/verify-email",
    { method: "GET", query: z.object({ token: z.string().max(2_000), callbackURL: CallbackUrl }) },
    async (ctx) => {
      const { token } = ctx.query;
      const next = readOwnPath(ctx.query.callbackURL) ?? "/";
      const email = await readConfirmationLink(ctx.context.secret, token);
      if (email === undefined) throw ctx.redirect(page("/sign-in", { problem: "link" }));
      const cookie = ctx.context.createAuthCookie(COOKIE_NAME);
      const id = await ctx.getSignedCookie(cookie.name, ctx.context.secret);
      const user = await db.user.findUnique({ where: { email } });
      if (user?.emailVerified) {
        const session = await getSessionFromCtx(ctx).catch(() => null);
        if (session?.user.email === email) throw ctx.redirect(next);
        throw ctx.redirect(page("/sign-in", { problem: "confirmed", next }));
      }
      const form = id ? await takeSignUp(db, email, id, now()) : undefined;
      if (!form) throw ctx.redirect(page("/confirm-email", { token, next }));
      const { name, accountName } = form;
      const at = now();
      const confirmed = await confirmAddress(db, { email, name, passwordHash: form.password, at });
      if (!confirmed) throw ctx.redirect(page("/sign-in", { problem: "confirmed", next }));
      if (!(await comesByInvitation(db, { email, accountName, next, at })))
        await ensureOwnAccount(db, confirmed, { accountName, at });
      await signIn(ctx, confirmed);
      ctx.setCookie(cookie.name, "", { ...cookie.attributes, maxAge: 0 });
      throw ctx.redirect(next);
    },
  );
}

function confirmElsewhere({ db, now }: Options) {
  return createAuthEndpoint(
    "/confirm-email",
    {
      method: "POST",
      use: [formCsrfMiddleware],
      body: z.object({
        token: z.string().max(2_000),
        name: z.string(),
        password: z.string(),
        callbackURL: CallbackUrl,
      }),
    },
    async (ctx) => {
      const name = requireName(ctx.body.name);
      const email = await readConfirmationLink(ctx.context.secret, ctx.body.token);
      if (email === undefined)
        throw new APIError("BAD_REQUEST", {
          code: "INVALID_TOKEN",
          message: "This link has expired. Sign up again to get a new one.",
        });
      const passwordHash = await ctx.context.password.hash(ctx.body.password);
      const at = now();
      const user = await confirmAddress(db, { email, name, passwordHash, at });
      if (!user)
        throw new APIError("BAD_REQUEST", {
          code: "EMAIL_ALREADY_VERIFIED",
          message: "This address is confirmed already. Sign in, or set a new password.",
        });
      const next = readOwnPath(ctx.body.callbackURL);
      if (!(await comesByInvitation(db, { email, next, at }))) await ensureOwnAccount(db, user, { at });
      await rememberDevice(ctx, email);
      return ctx.json({ status: true, email });
    },
  );
}

/**
 * Explains to the browser that signed up, and to no other, that the address is not confirmed yet. For a taken address it gets the same answer, with
 * as many passwords hashed, so that a stranger's sign-up shows nothing.
 */
function explainUnconfirmed({ db, now }: Options) {
  return {
    matcher: ({ path }: { path?: string }) => path === "/sign-in/email",
    handler: createAuthMiddleware(async (ctx) => {
      const { data } = z.object({ email: Email, password: z.string() }).safeParse(ctx.body);
      const { name } = ctx.context.createAuthCookie(COOKIE_NAME);
      const id = data && (await ctx.getSignedCookie(name, ctx.context.secret));
      const form = id ? await findSignUp(db, data.email, now()) : undefined;
      if (!data || !form || form.id !== id) return;
      const { hash, verify } = ctx.context.password;
      if (!(await verify({ hash: form.password, password: data.password }))) return;
      const where = { user: { email: data.email, emailVerified: true }, password: { not: null } };
      const own = (await db.credential.findFirst({ where }))?.password;
      // The library compares it again; here and there the same password is meant.
      if (own ? await verify({ hash: own, password: data.password }) : !(await hash(data.password))) return;
      throw new APIError("FORBIDDEN", {
        code: "EMAIL_NOT_VERIFIED",
        message: "Open the link in the mail we sent to confirm your address.",
      });
    }),
  };
}

/**
 * Whether a person signs up to join another person's account, and so needs none of their own: with the link of an invitation, or with an
 * open invitation for their address and no account name.
 */
async function comesByInvitation(
  db: Database,
  signUp: { email: string; accountName?: string | undefined; next: string | undefined; at: Date },
): Promise<boolean> {
  if (signUp.next?.startsWith("/invitations/")) return true;
  if (signUp.accountName) return false;
  const { email, at } = signUp;
  return (await db.invitation.count({ where: { email, status: "pending", expiresAt: { gt: at } } })) > 0;
}

async function signIn(ctx: GenericEndpointContext, user: User): Promise<void> {
  const session = await ctx.context.internalAdapter.createSession(user.id);
  await setSessionCookie(ctx, { session, user });
}

function requireName(text: string): string {
  const name = readPersonName(text);
  if (name !== undefined) return name;
  throw new APIError("BAD_REQUEST", {
    code: "INVALID_NAME",
    message: "Enter your name, with at most 100 characters.",
  });
}

function page(path: string, search: Record<string, string>): string {
  return `${path}?${new URLSearchParams(search)}`;
}
