import { type MemberListView, type PageQuery, readRole } from "@waxseal/contract";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { makePage, pageByTime, placeOfTime } from "../list-page.ts";

/** Lists the members of the account, oldest member first. @throws AppError `invalid` – the cursor */
export async function listMembers(
  ctx: Context,
  query: PageQuery = {},
): Promise<z.infer<typeof MemberListView>> {
  const { where, ...order } = pageByTime(query, "createdAt", "asc", "any");
  const rows = await ctx.db.member.findMany({
    where: { organizationId: ctx.accountId, ...where },
    include: { user: { include: { twoFactorReset: true, _count: { select: { passkeys: true } } } } },
    ...order,
  });
  const { page, nextCursor } = makePage(rows, query, ({ createdAt, id }) => placeOfTime(createdAt, id));
  return {
    nextCursor,
    items: page.map(({ user, role }) => ({
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
