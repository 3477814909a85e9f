import type { CustomerView } from "@waxseal/contract";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { requirePermission } from "../require-permission.ts";
import { insertCustomer } from "./insert-customer.ts";

/**
 * Makes an account that this one manages: its members work in it with the role they have here, and it sees nothing of
 * them or of each other. A customer has no customers of its own.
 * @throws AppError `forbidden`; `invalid` – bad name; `conflict` – this is a customer itself; `limit_reached`
 */
export async function createCustomer(
  ctx: Context,
  input: { name: string },
): Promise<z.infer<typeof CustomerView>> {
  requirePermission(ctx, "customers.manage");
  const { id, name, createdAt } = await ctx.inTransaction((db) => insertCustomer(db, ctx, input));
  const reports = { sessions: 0, failedSessions: 0, successShare: null, lastDay: null, days: [] };
  const counts = { domains: 0, mailFailing: 0, attention: 0, settingUp: 0, good: 0 };
  return { id, name, ...counts, reports, createdAt: createdAt.toISOString() };
}
