import { createHash, randomBytes } from "node:crypto";
import type { Database } from "@waxseal/db";
import type { HttpsClient } from "@waxseal/probes";
import type { BetterAuthPlugin } from "better-auth";
import { APIError, createAuthEndpoint, formCsrfMiddleware } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import { z } from "zod";
import type { NoticeDeps } from "../accounts/mail-person.ts";
import { applyDueReset } from "../accounts/reset-two-factor.ts";
import { AppError } from "../app-error.ts";
import { clipText } from "../clip-text.ts";
import type { ContextSource } from "../context.ts";
import { type Allowance, takeAllowance } from "../limits/take-allowance.ts";
import type { SecretBox } from "../secret-box.ts";
import { admitPerson } from "../sso/admit-person.ts";
import { discoverProvider } from "../sso/discover-provider.ts";
import { exchangeCode } from "../sso/exchange-code.ts";
import { findSsoFor } from "../sso/find-sso.ts";
import { ssoRedirectUri } from "../sso/get-sso.ts";
import { readIdentity } from "../sso/read-identity.ts";
import { recordSsoProblem } from "../sso/record-sso-problem.ts";
import { SsoProblem } from "../sso/sso-problem.ts";
import { askSecondFactor } from "./ask-second-factor.ts";

/** What single sign-on asks the outside by, and opens its secrets with. */
export type SsoSignIn = { client: HttpsClient; secretBox: SecretBox };

type Options = {
  sso: SsoSignIn | undefined;
  db: Database;
  now(): Date;
  publicUrl: string;
  notices: NoticeDeps;
};

/** What is kept of a sign-in while its user is at the provider. */
const Pending = z.object({
  accountId: z.string(),
  issuer: z.string(),
  clientId: z.string(),
  nonce: z.string(),
  codeVerifier: z.string(),
  next: z.string().optional(),
});

const TEN_MINUTES_SECONDS = 600;

/** Limit for one account: a company of a thousand on Monday morning. Each start makes a request to the identity provider. */
const STARTS: Allowance = { burst: 1_000, refillSeconds: 0.2 };

/**
 * Sign-in by an account's identity provider: authorization code with PKCE, state bound to the browser, nonce.
 *
 * The session opens that account and its customers, nothing else of the user: the operator of a provider can sign in as anybody it
 * likes, so it must not reach beyond the account that chose it. Users with an authenticator app are asked for its code afterwards.
 *
 * OpenID Connect Core 1.0 §3.1, RFC 7636, RFC 9207
 */
export function createSsoPlugin(options: Options) {
  const { db, publicUrl, sso: outside } = options;
  const redirectUri = ssoRedirectUri(publicUrl);
  return {
    id: "account-sso",
    endpoints: {
      startSso: createAuthEndpoint(
        "/sso/start",
        {
          method: "POST",
          use: [formCsrfMiddleware],
          body: z.object({ email: z.email().max(254), next: z.string().max(500).optional() }),
        },
        async (ctx) => {
          const { email, next } = ctx.body;
          const sso = await findSsoFor(db, email);
          if (!outside || !sso)
            throw refuse("NOT_FOUND", "There is no single sign-on for this address. Use your password.");
          if (!(await takeAllowance(db, `sso-start:${sso.accountId}`, STARTS)))
            throw refuse(
              "TOO_MANY_REQUESTS",
              "Too many people are signing in right now. Try again in a minute.",
            );
          const orRefuse = refuser(options, sso.accountId);
          const provider = await orRefuse(discoverProvider(outside.client, sso.issuer));
          const [state, nonce, codeVerifier] = [newSecret(), newSecret(), newSecret()];
          const { accountId, issuer, clientId } = sso;
          await ctx.context.internalAdapter.createVerificationValue({
            identifier: pendingName(state),
            value: JSON.stringify({ accountId, issuer, clientId, nonce, codeVerifier, next }),
            expiresAt: new Date(options.now().getTime() + TEN_MINUTES_SECONDS * 1_000),
          });
          const cookie = ctx.context.createAuthCookie("sso", { maxAge: TEN_MINUTES_SECONDS });
          await ctx.setSignedCookie(cookie.name, state, ctx.context.secret, cookie.attributes);
          const url = new URL(provider.authorizationEndpoint);
          const query = {
            response_type: "code",
            client_id: clientId,
            redirect_uri: redirectUri,
            scope: "openid email profile",
            state,
            nonce,
            code_challenge: createHash("sha256").update(codeVerifier).digest("base64url"),
            code_challenge_method: "S256",
            login_hint: email,
          };
          for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
          return ctx.json({ url: url.href });
        },
      ),
      finishSso: createAuthEndpoint(
        "/sso/finish",
        {
          method: "POST",
          use: [formCsrfMiddleware],
          body: z.object({
            code: z.string().min(1).max(4_096),
            state: z.string().min(1).max(200),
            iss: z.string().max(2_048).optional(),
          }),
        },
        async (ctx) => {
          const { code, state, iss } = ctx.body;
          const cookie = ctx.context.createAuthCookie("sso");
          const own = await ctx.getSignedCookie(cookie.name, ctx.context.secret);
          const kept =
            outside &&
            own === state &&
            (await ctx.context.internalAdapter.consumeVerificationValue(pendingName(state)));
          if (!outside || !kept)
            throw refuse(
              "BAD_REQUEST",
              "This sign-in has expired or was started in another browser. Start again.",
            );
          ctx.setCookie(cookie.name, "", { ...cookie.attributes, maxAge: 0 });
          const { client, secretBox } = outside;
          const pending = Pending.parse(JSON.parse(kept.value));
          const { accountId } = pending;
          const orRefuse = refuser(options, accountId);
          const sso = await db.accountSso.findUnique({ where: { accountId } });
          if (sso?.issuer !== pending.issuer || sso.clientId !== pending.clientId)
            throw refuse(
              "BAD_REQUEST",
              "The account's single sign-on was changed during this sign-in. Start again.",
            );
          const provider = await orRefuse(discoverProvider(client, sso.issuer));
          if (iss === undefined ? provider.namesItself : iss !== provider.issuer)
            await orRefuse(refuseIssuer(iss, provider.issuer));
          const clientSecret = await secretBox.open(sso.clientSecretJwe);
          const us = { clientId: sso.clientId, clientSecret, redirectUri };
          const tokens = await orRefuse(
            exchangeCode(client, provider, us, { code, codeVerifier: pending.codeVerifier }),
          );
          const signIn = { ...tokens, clientId: sso.clientId, nonce: pending.nonce, now: options.now() };
          const identity = await orRefuse(readIdentity(client, provider, signIn));
          const taking = await findSsoFor(db, identity.email);
          if (taking?.accountId !== accountId) await orRefuse(refuseAddress(identity.email));
          const user = await orRefuse(admitPerson(options, { accountId, identity }));
          const { next } = pending;
          await applyDueReset(options, { id: user.id }, options.notices);
          const { twoFactorEnabled } = await db.user.findUniqueOrThrow({ where: { id: user.id } });
          if (twoFactorEnabled) {
            await askSecondFactor(ctx, { userId: user.id, ssoAccountId: accountId, now: options.now() });
            return ctx.json({ twoFactorRedirect: true, next });
          }
          const session = await ctx.context.internalAdapter.createSession(user.id, false, {
            signedInBy: "sso",
            ssoAccountId: accountId,
          });
          await setSessionCookie(ctx, { session, user });
          return ctx.json({ twoFactorRedirect: false, next });
        },
      ),
    },
  } satisfies BetterAuthPlugin;
}

function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** Returns the key of a pending sign-in. It is not the state itself, which travels through the provider. */
function pendingName(state: string): string {
  return `sso-${createHash("sha256").update(state).digest("base64url")}`;
}

function refuse(
  status: "NOT_FOUND" | "BAD_REQUEST" | "FORBIDDEN" | "BAD_GATEWAY" | "CONFLICT" | "TOO_MANY_REQUESTS",
  message: string,
) {
  return new APIError(status, { code: "SSO_REFUSED", message });
}

const STATUS = { forbidden: "FORBIDDEN", conflict: "CONFLICT" } as const;

async function refuseIssuer(named: string | undefined, expected: string): Promise<never> {
  const name = named === undefined ? "does not name its issuer" : `names the issuer ${clipText(named, 200)}`;
  throw new SsoProblem("issuer", `The answer to the browser ${name}; ${expected} is set up (RFC 9207).`);
}

async function refuseAddress(email: string): Promise<never> {
  throw new SsoProblem(
    "foreignEmail",
    `It sent the address ${email}, whose domain is not set up for single sign-on or no longer points here.`,
  );
}

/** Words what goes wrong for the person, with a code; what it means for the owners goes into the account's audit log. */
function refuser(source: ContextSource, accountId: string) {
  return async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause;
      if (cause instanceof SsoProblem) await recordSsoProblem(source, accountId, cause);
      const { code } = cause;
      const message = cause instanceof SsoProblem ? cause.words : cause.message;
      throw refuse(code === "forbidden" || code === "conflict" ? STATUS[code] : "BAD_GATEWAY", message);
    }
  };
}
