import { type Action, API_KEY_SCOPES, mayDo, PERMISSIONS, SCOPE_ROLES, scopeOf } from "@waxseal/contract";
import { AppError } from "./app-error.ts";
import type { Context } from "./context.ts";

/**
 * Throws unless the caller is allowed to do this. The first line of every verb that changes something.
 * @throws AppError `forbidden` – the role, or the API key's scope, does not allow it
 */
export function requirePermission(ctx: Context, action: Action): void {
  if (ctx.role === "system" || mayDo(ctx.role, action)) return;
  throw ctx.actor.kind === "apiKey" ? refuseScope(ctx.role, action) : refuseRole(ctx.role, action);
}

function refuseScope(role: Context["role"], action: Action): AppError {
  const has = role === "system" ? "admin" : scopeOf(role);
  const needs = API_KEY_SCOPES.filter((scope) => mayDo(SCOPE_ROLES[scope], action));
  const text =
    needs.length === 0
      ? "No API key may do this. Sign in as an owner."
      : `This API key has the scope ${has}; this needs ${needs.join(" or ")}. Use a key with such a scope.`;
  return new AppError("forbidden", text, {
    reason: "scope_too_narrow",
    lacking: { permission: action, needs, has },
  });
}

function refuseRole(has: string, action: Action): AppError {
  const needs = PERMISSIONS[action];
  return new AppError(
    "forbidden",
    `As ${has} you may not do this; it needs ${needs.join(" or ")}. Ask an owner or admin of the account.`,
    { reason: "role_too_low", lacking: { permission: action, needs, has } },
  );
}
