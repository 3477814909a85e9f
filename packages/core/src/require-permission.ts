import { type Action, mayDo } from "@waxseal/contract";
import { AppError } from "./app-error.ts";
import type { Context } from "./context.ts";

/**
 * Throws unless the caller is allowed to do this. The first line of every verb that changes something.
 * @throws AppError `forbidden` – the role, or the API key's scope, does not allow it
 */
export function requirePermission(ctx: Context, action: Action): void {
  if (ctx.role === "system" || mayDo(ctx.role, action)) return;
  throw new AppError(
    "forbidden",
    ctx.actor.kind === "apiKey"
      ? "This API key's scope does not allow it. Use a key with a larger scope."
      : `As ${ctx.role} you may not do this. Ask an owner or admin of the account.`,
  );
}
