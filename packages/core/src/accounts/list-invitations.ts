import { type InvitationView, type PageQuery, readRole } from "@waxseal/contract";
import type { Invitation, User } from "@waxseal/db";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { makePage, pageByTime, placeOfTime } from "../list-page.ts";

/** An open invitation as shown. */
export type InvitationItem = z.infer<typeof InvitationView>;

/** How long an expired invitation stays in the list. */
const LISTED_MS = 30 * DAY_MS;

/** The invitations that wait for an answer, and those that expired in the last 30 days; newest first. @throws AppError `invalid` – the cursor */
export async function listInvitations(
  ctx: Context,
  query: PageQuery = {},
): Promise<{ items: InvitationItem[]; nextCursor: string | null }> {
  const { where, ...order } = pageByTime(query, "createdAt", "desc", "any");
  const since = new Date(ctx.now().getTime() - LISTED_MS);
  const rows = await ctx.db.invitation.findMany({
    where: { organizationId: ctx.accountId, status: "pending", expiresAt: { gt: since }, ...where },
    include: { user: true },
    ...order,
  });
  const { page, nextCursor } = makePage(rows, query, ({ createdAt, id }) => placeOfTime(createdAt, id));
  return { items: page.map((row) => presentInvitation(row, ctx.now())), nextCursor };
}

/** The row of an invitation as it is shown. */
export function presentInvitation(row: Invitation & { user: User | null }, now: Date): InvitationItem {
  return {
    id: row.id,
    email: row.email,
    role: readRole(row.role),
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    invitedBy: row.user && { id: row.user.id, name: row.user.name },
    isExpired: row.expiresAt <= now,
  };
}
