import { type Grantee, readSignInMethod, SCOPE_ROLES, type SignInMethod } from "@waxseal/contract";
import type { Database } from "@waxseal/db";
import { describeDeparture } from "../accounts/describe-departure.ts";
import {
  type Access,
  findUserAccess,
  hasSeveralAccounts,
  isCustomerOf,
  requiresSso,
} from "../accounts/find-access.ts";
import { hashSecret } from "../accounts/hash-secret.ts";
import type { Person } from "../accounts/person.ts";
import { readScope } from "../accounts/present-api-key.ts";
import { ssoSessionEndsAt } from "../accounts/sso-session-life.ts";
import { refuseSuspended } from "../accounts/suspend-account.ts";
import { AppError } from "../app-error.ts";
import { type Context, type ContextSource, createContext } from "../context.ts";
import type { Auth } from "./create-auth.ts";

/** The caller: the context of their account and how they proved who they are. */
export type Authenticated = {
  ctx: Context;
  /** A session comes with every request of a browser, so only it needs protection from forged requests. */
  by: "session" | "apiKey";
  role: Grantee;
  /** Only with a session. */
  sessionId?: string;
  signedInBy?: SignInMethod;
  /** When the session began; the beginning of time for an API key, which never signed in. */
  signedInAt: Date;
  /** The account whose single sign-on made the session: it opens nothing else. */
  ssoAccountId?: string | null;
  /** Whether a session starts in this account, or an API key belongs to it. */
  startsHere: boolean;
  /** The account requires two-factor; this user has no authenticator app and did not sign in with a passkey. */
  lacksTwoFactor: boolean;
  /** The account wants its single sign-on, and this session came otherwise. */
  lacksSso: boolean;
};

/** What a request needs besides its credentials. */
export type AuthenticateOptions = { named?: string | null; mustName?: boolean; forSetup?: boolean };

const LAST_USED_STEP_MS = 60_000;

/**
 * Identifies the sender of a request by `Authorization: Bearer <api key>`, or by session cookie when there is no such header.
 *
 * `named` is the account that the request names: a customer of the key's account, or any account in which the user has a role. Without it an
 * API key acts in its own account, and a session in the one it starts in; `mustName` refuses the latter where the user has several accounts,
 * because another tab may have changed where the session starts.
 * An account that requires two-factor refuses a user who has not set it up, except with `forSetup`. An account that requires single sign-on
 * refuses other sessions. A session of single sign-on acts only in its own account and that account's customers.
 * @throws AppError `unauthenticated` – neither is valid; `forbidden` – the account, or the one that manages it, is suspended; `account_required` – see `mustName`; `not_found` – no such account to
 * act in; `no_account` – the user belongs to none, or no longer to it; `forbidden` – the user lacks two-factor or single sign-on; `unavailable`
 */
export async function authenticate(
  source: ContextSource,
  auth: Auth,
  headers: Headers,
  { named = null, mustName = false, forSetup = false }: AuthenticateOptions = {},
): Promise<Authenticated> {
  const authorization = headers.get("authorization");
  if (authorization !== null) return authenticateApiKey(source, authorization, named);
  const { user, session: row, ssoAccountId } = await getSession(source, auth, headers);
  const signedInBy = readSignInMethod(row.signedInBy);
  const chosen = row.activeOrganizationId ?? ssoAccountId;
  if (mustName && named === null && (await hasSeveralAccounts(source.db, user.id, ssoAccountId))) {
    throw new AppError(
      "account_required",
      "You can work in several accounts. Name one in the header X-Waxseal-Account or as ?account= in the address.",
    );
  }
  const access = await findSessionAccess(source.db, user.id, { named, chosen, ssoAccountId });
  const actor = { kind: "user", id: user.id, name: user.name } as const;
  const { accountId, role } = access;
  await refuseSuspended(source.db, [accountId, access.homeId]);
  const lacksSso = ssoAccountId !== access.homeId && (await requiresSso(source.db, access));
  if (lacksSso && !forSetup)
    throw new AppError("forbidden", "This account requires single sign-on. Sign in by it.", {
      reason: "sso_required",
    });
  const lacksTwoFactor = access.requiresTwoFactor && !user.twoFactorEnabled && signedInBy !== "passkey";
  if (lacksTwoFactor && !forSetup)
    throw new AppError("forbidden", "This account requires two-factor sign-in. Set it up first.", {
      reason: "two_factor_required",
    });
  return {
    ctx: createContext(source, accountId, actor, role),
    by: "session",
    role,
    sessionId: row.id,
    signedInBy,
    signedInAt: row.createdAt,
    ssoAccountId,
    startsHere: accountId === chosen,
    lacksTwoFactor,
    lacksSso,
  };
}

/**
 * The person who sends this request with a session cookie, whatever accounts they belong to.
 * @throws AppError `unauthenticated`; `conflict` – asked with an API key; `unavailable`
 */
export async function authenticatePerson(
  source: ContextSource,
  auth: Auth,
  headers: Headers,
): Promise<Person> {
  const authorization = headers.get("authorization");
  if (authorization !== null) {
    await authenticateApiKey(source, authorization, null);
    throw new AppError("conflict", "An API key is not a person. Sign in to do this.", {
      reason: "not_a_person",
    });
  }
  const { user, session, ssoAccountId } = await getSession(source, auth, headers);
  const { id, name, email } = user;
  return { id, name, email, sessionId: session.id, signedInAt: session.createdAt, ssoAccountId };
}

async function getSession(source: ContextSource, auth: Auth, headers: Headers) {
  const found = await auth.api.getSession({ headers }).catch((cause: unknown) => {
    // No session is an answer, not an error; the library hides what was wrong with the database.
    throw new AppError("unavailable", "Your session could not be looked up. Try again in a moment.", {
      reason: "database_away",
      cause,
    });
  });
  if (!found) throw new AppError("unauthenticated", "Sign in, or send an API key.");
  const ssoAccountId = found.session.ssoAccountId ?? null;
  if (ssoAccountId !== null && ssoSessionEndsAt(found.session.createdAt) <= source.now())
    throw new AppError("unauthenticated", "Your single sign-on is twelve hours old. Sign in again.", {
      reason: "session_expired",
    });
  return { ...found, ssoAccountId };
}

async function findSessionAccess(
  db: Database,
  userId: string,
  {
    named,
    chosen,
    ssoAccountId,
  }: { named: string | null; chosen: string | null; ssoAccountId: string | null },
): Promise<Access> {
  const wanted = named ?? chosen;
  const access = wanted ? await findUserAccess(db, userId, wanted, ssoAccountId) : undefined;
  if (access) return access;
  if (named !== null) throw await explainNoAccess(db, userId, named);
  if (ssoAccountId !== null) return findHome(db, userId, ssoAccountId);
  const oldest = await db.member.findFirst({
    where: { userId },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  if (!oldest) throw new AppError("no_account", "You do not belong to any account.");
  return findHome(db, userId, oldest.organizationId);
}

async function findHome(db: Database, userId: string, homeId: string): Promise<Access> {
  const access = await findUserAccess(db, userId, homeId, homeId);
  if (!access) throw new AppError("no_account", "You do not belong to any account.");
  return access;
}

/** To a former member why the account is closed to them; to everyone else the same as for an account that never was. */
async function explainNoAccess(db: Database, userId: string, accountId: string): Promise<AppError> {
  const where = { userId, formerAccountId: accountId };
  const last = await db.departure.findFirst({ where, orderBy: [{ at: "desc" }, { id: "desc" }] });
  return last ? new AppError("no_account", describeDeparture(last)) : noSuchAccount();
}

function noSuchAccount(): AppError {
  return new AppError("not_found", "There is no such account.");
}

async function authenticateApiKey(
  source: ContextSource,
  authorization: string,
  named: string | null,
): Promise<Authenticated> {
  const key = /^bearer +(\S{1,200}) *$/i.exec(authorization)?.[1];
  const row = key && (await source.db.apikey.findFirst({ where: { key: hashSecret(key) } }));
  const now = source.now();
  if (!row || row.enabled === false || (row.expiresAt !== null && row.expiresAt <= now)) {
    throw new AppError("unauthenticated", "This API key is not valid.", { reason: "key_not_valid" });
  }
  if (row.lastRequest === null || now.getTime() - row.lastRequest.getTime() > LAST_USED_STEP_MS) {
    await source.db.apikey.updateMany({ where: { id: row.id }, data: { lastRequest: now } });
  }
  const actor = { kind: "apiKey", id: row.id, name: row.name ?? row.start ?? "API key" } as const;
  const role = SCOPE_ROLES[readScope(row.scope)];
  const accountId = named ?? row.referenceId;
  if (accountId !== row.referenceId && !(await isCustomerOf(source.db, accountId, row.referenceId))) {
    throw noSuchAccount();
  }
  await refuseSuspended(source.db, [accountId, row.referenceId]);
  const ctx = createContext(source, accountId, actor, role);
  const startsHere = accountId === row.referenceId;
  return {
    ctx,
    by: "apiKey",
    role,
    signedInAt: new Date(0),
    startsHere,
    lacksTwoFactor: false,
    lacksSso: false,
  };
}
