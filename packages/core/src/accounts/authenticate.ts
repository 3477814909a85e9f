import { type Role, readRole, SCOPE_ROLES } from "@waxseal/contract";
import { AppError } from "../app-error.ts";
import { type Context, type ContextSource, createContext } from "../context.ts";
import type { Auth } from "../sign-in/create-auth.ts";
import { hashApiKey } from "./hash-api-key.ts";
import { readScope } from "./present-api-key.ts";

/** Who asks: the context of their account and how they proved it. */
export type Authenticated = {
  ctx: Context;
  /** A session comes with every request of a browser, so only it needs protection from forged requests. */
  by: "session" | "apiKey";
  role: Role;
};

const LAST_USED_STEP_MS = 60_000;

/**
 * Who sends this request: by `Authorization: Bearer <api key>` when there is one, else by session cookie.
 *
 * A session acts in its active account, or in the oldest one its user belongs to.
 * @throws AppError `unauthenticated` – neither is valid; `forbidden` – the user belongs to no account; `unavailable`
 */
export async function authenticate(
  source: ContextSource,
  auth: Auth,
  headers: Headers,
): Promise<Authenticated> {
  const authorization = headers.get("authorization");
  if (authorization !== null) return authenticateApiKey(source, authorization);
  const session = await auth.api.getSession({ headers }).catch((cause: unknown) => {
    // No session is an answer, not an error; the library hides what was wrong with the database.
    throw new AppError("unavailable", "Your session could not be looked up. Try again in a moment.", {
      cause,
    });
  });
  if (!session) throw new AppError("unauthenticated", "Sign in, or send an API key.");
  const memberships = await source.db.member.findMany({
    where: { userId: session.user.id },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  const active = session.session.activeOrganizationId;
  const membership = memberships.find((member) => member.organizationId === active) ?? memberships[0];
  if (!membership) throw new AppError("forbidden", "You do not belong to any account.");
  const actor = { kind: "user", id: session.user.id, name: session.user.name } as const;
  const role = readRole(membership.role);
  return { ctx: createContext(source, membership.organizationId, actor, role), by: "session", role };
}

async function authenticateApiKey(source: ContextSource, authorization: string): Promise<Authenticated> {
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
  return { ctx: createContext(source, row.referenceId, actor, role), by: "apiKey", role };
}
