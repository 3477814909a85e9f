import { type InvitationView, readRole } from "@waxseal/contract";
import type { Invitation } from "@waxseal/db";
import type { z } from "zod";
import type { Context } from "../context.ts";

/** An open invitation as shown. */
export type InvitationItem = z.infer<typeof InvitationView>;

/** The invitations that wait for an answer, newest first; at most 100. */
export async function listInvitations(ctx: Context): Promise<{ items: InvitationItem[] }> {
  const rows = await ctx.db.invitation.findMany({
    where: { organizationId: ctx.accountId, status: "pending", expiresAt: { gt: ctx.now() } },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: 100,
  });
  return { items: rows.map(presentInvitation) };
}

/** The row of an invitation as it is shown. */
export function presentInvitation(row: Invitation): InvitationItem {
  return {
    id: row.id,
    email: row.email,
    role: readRole(row.role),
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
  };
}
