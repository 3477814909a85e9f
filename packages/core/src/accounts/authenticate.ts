import { type Role, SCOPE_ROLES } from "@waxseal/contract";
import type { Database } from "@waxseal/db";
import { AppError } from "../app-error.ts";
import { type Context, type ContextSource, createContext } from "../context.ts";
import type { Auth } from "../sign-in/create-auth.ts";
import { type Access, findUserAccess, isCustomerOf } from "./find-access.ts";
import { hashApiKey } from "./hash-api-key.ts";
import { readScope } from "./present-api-key.ts";

/** Who asks: the context of their account and how they proved it. */
export type Authenticated = {
  ctx: Context;
  /** A session comes with every request of a browser, so only it needs protection from forged requests. */
  by: "session" | "apiKey";
  role: Role;
  /** Only with a session. */
  sessionId?: string;
  /** The account wants two-factor and this user has not set it up. */
  lacksTwoFactor: boolean;
};

const LAST_USED_STEP_MS = 60_000;

/**
 * Who sends this request: by `Authorization: Bearer <api key>` when there is one, else by session cookie.
 *
 * A session acts in the account its user chose, or in the oldest one they belong to. The header `X-Waxseal-Account`
 * names another one for this request: a customer of the key's account, or any in which the user has a role.
 * Where the account requires two-factor, a user who has not set it up is refused, except with `forSetup`.
 * @throws AppError `unauthenticated` – neither is valid; `not_found` – no such account to
 * act in; `forbidden` – the user belongs to no account, or lacks two-factor; `unavailable`
 */
export async function authenticate(
  source: ContextSource,
  auth: Auth,
  headers: Headers,
  { forSetup = false }: { forSetup?: boolean } = {},
): Promise<Authenticated> {
  const authorization = headers.get("authorization");
  const named = headers.get("x-waxseal-account");
  if (authorization !== null) return authenticateApiKey(source, authorization, named);
  const session = await auth.api.getSession({ headers }).catch((cause: unknown) => {
    // No session is an answer, not an error; the library hides what was wrong with the database.
    throw new AppError("unavailable", "Your session could not be looked up. Try again in a moment.", {
      cause,
    });
  });
  if (!session) throw new AppError("unauthenticated", "Sign in, or send an API key.");
  const { user } = session;
  const access = await findSessionAccess(source.db, user.id, named, session.session.activeOrganizationId);
  const actor = { kind: "user", id: user.id, name: user.name } as const;
  const { accountId, role } = access;
  const lacksTwoFactor = access.requiresTwoFactor && !user.twoFactorEnabled;
  if (lacksTwoFactor && !forSetup)
    throw new AppError("forbidden", "This account requires two-factor sign-in. Set it up first.");
  return {
    ctx: createContext(source, accountId, actor, role),
    by: "session",
    role,
    sessionId: session.session.id,
    lacksTwoFactor,
  };
}

async function findSessionAccess(
  db: Database,
  userId: string,
  named: string | null,
  chosen: string | null | undefined,
): Promise<Access> {
  const wanted = named ?? chosen;
  const access = wanted ? await findUserAccess(db, userId, wanted) : undefined;
  if (access) return access;
  if (named !== null) throw noSuchAccount();
  const oldest = await db.member.findFirst({
    where: { userId },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  if (!oldest) throw new AppError("forbidden", "You do not belong to any account.");
  const oldestAccess = await findUserAccess(db, userId, oldest.organizationId);
  if (!oldestAccess) throw new AppError("forbidden", "You do not belong to any account.");
  return oldestAccess;
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
  const row = key && (await source.db.apikey.findFirst({ where: { key: hashApiKey(key) } }));
  const now = source.now();
  if (!row || row.enabled === false || (row.expiresAt !== null && row.expiresAt <= now)) {
    throw new AppError("unauthenticated", "This API key is not valid.");
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
  return { ctx: createContext(source, accountId, actor, role), by: "apiKey", role, lacksTwoFactor: false };
}
