import type { Role } from "@waxseal/contract";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";

/**
 * Throws when a non-owner tries to add, change or remove an owner.
 * @throws AppError `forbidden`
 */
export function requireRoleOver(ctx: Context, ...roles: Role[]): void {
  if (ctx.role === "system" || ctx.role === "owner" || !roles.includes("owner")) return;
  throw new AppError("forbidden", "Only an owner may make, change or remove an owner.", {
    reason: "owners_only",
  });
}
