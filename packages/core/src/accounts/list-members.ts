import { type MemberListView, readRole } from "@waxseal/contract";
import type { z } from "zod";
import type { Context } from "../context.ts";

/** Who belongs to the account, oldest member first; at most 500. */
export async function listMembers(ctx: Context): Promise<z.infer<typeof MemberListView>> {
  const rows = await ctx.db.member.findMany({
    where: { organizationId: ctx.accountId },
    include: { user: { include: { twoFactorReset: true, _count: { select: { passkeys: true } } } } },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    take: 500,
  });
  return {
    items: rows.map(({ user, role }) => ({
      id: user.id,
      name: user.name,
      email: user.email,
      role: readRole(role),
      hasTwoFactor: user.twoFactorEnabled,
      hasPasskey: user._count.passkeys > 0,
      twoFactorResetAt: user.twoFactorReset?.effectiveAt.toISOString() ?? null,
    })),
  };
}
