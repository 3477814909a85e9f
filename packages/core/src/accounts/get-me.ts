import { type MeView, type Role, readRole } from "@waxseal/contract";
import type { z } from "zod";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";

type Me = Pick<z.infer<typeof MeView>, "user" | "account" | "accounts" | "provider" | "twoFactor">;

/** Who is signed in, the account they act in, and the accounts they may choose from. */
export async function getMe(
  ctx: Context,
  { role, lacksTwoFactor }: { role: Role; lacksTwoFactor: boolean },
): Promise<Me> {
  const account = await ctx.db.organization.findUnique({ where: { id: ctx.accountId } });
  if (!account) throw new AppError("not_found", "There is no such account.");
  const current = { id: account.id, name: account.name, role };
  const required = account.requiresTwoFactor;
  if (ctx.actor.kind !== "user") {
    const twoFactor = { enabled: false, required, lacking: false };
    return { user: null, account: current, accounts: [current], provider: null, twoFactor };
  }
  const user = await ctx.db.user.findUniqueOrThrow({ where: { id: ctx.actor.id } });
  const memberships = await ctx.db.member.findMany({
    where: { userId: user.id },
    include: { organization: true },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  const provider = memberships.find(({ organizationId }) => organizationId === account.parentId);
  return {
    user: { id: user.id, name: user.name, email: user.email },
    account: current,
    twoFactor: { enabled: user.twoFactorEnabled, required, lacking: lacksTwoFactor },
    provider: provider ? { id: provider.organizationId, name: provider.organization.name } : null,
    accounts: memberships.map((member) => ({
      id: member.organizationId,
      name: member.organization.name,
      role: readRole(member.role),
    })),
  };
}
