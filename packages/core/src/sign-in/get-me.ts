import { type MeView, readRole, scopeOf } from "@waxseal/contract";
import type { z } from "zod";
import { AppError } from "../app-error.ts";
import { findFamilyBrand, presentBrand } from "../brand/get-brand.ts";
import type { Authenticated } from "./authenticate.ts";

type Me = Pick<
  z.infer<typeof MeView>,
  "user" | "account" | "startsHere" | "accounts" | "provider" | "twoFactor" | "signIn" | "brand"
>;

/** Who is signed in and how, the account they act in, and the accounts they may choose from: with single sign-on only its own. */
export async function getMe({ ctx, ...asked }: Authenticated): Promise<Me> {
  const { role, startsHere, lacksTwoFactor, lacksSso, signedInBy = null, ssoAccountId = null } = asked;
  const account = await ctx.db.organization.findUnique({ where: { id: ctx.accountId } });
  if (!account) throw new AppError("not_found", "There is no such account.");
  const current = {
    id: account.id,
    name: account.name,
    role: role === "onboarder" ? "viewer" : role,
  } as const;
  const brand = presentBrand(await findFamilyBrand(ctx.db, account.id));
  const closingAt = account.closingAt?.toISOString() ?? null;
  const required = account.requiresTwoFactor;
  if (ctx.actor.kind !== "user") {
    const twoFactor = {
      enabled: false,
      hasPasskey: false,
      required,
      recoveryCodesLeft: null,
      lacking: false,
    };
    const signIn = { by: null, hasPassword: false, lacksSso: false, scope: scopeOf(role) };
    return {
      user: null,
      account: { ...current, closingAt },
      startsHere,
      accounts: [current],
      provider: null,
      twoFactor,
      signIn,
      brand,
    };
  }
  const user = await ctx.db.user.findUniqueOrThrow({
    where: { id: ctx.actor.id },
    include: {
      twoFactors: { take: 1 },
      _count: { select: { passkeys: true, credentials: { where: { password: { not: null } } } } },
    },
  });
  const memberships = await ctx.db.member.findMany({
    where: { userId: user.id, ...(ssoAccountId !== null && { organizationId: ssoAccountId }) },
    include: { organization: true },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  const provider = memberships.find(({ organizationId }) => organizationId === account.parentId);
  const { passkeys, credentials } = user._count;
  return {
    user: { id: user.id, name: user.name, email: user.email },
    account: { ...current, closingAt },
    startsHere,
    brand,
    twoFactor: {
      enabled: user.twoFactorEnabled,
      hasPasskey: passkeys > 0,
      required,
      recoveryCodesLeft: user.twoFactorEnabled ? (user.twoFactors[0]?.recoveryCodesLeft ?? null) : null,
      lacking: lacksTwoFactor,
    },
    signIn: { by: signedInBy, hasPassword: credentials > 0, lacksSso, scope: null },
    provider: provider ? { id: provider.organizationId, name: provider.organization.name } : null,
    accounts: memberships.map((member) => ({
      id: member.organizationId,
      name: member.organization.name,
      role: readRole(member.role),
    })),
  };
}
