import { createHash } from "node:crypto";
import type { BrandView } from "@waxseal/contract";
import type { Database, Transaction } from "@waxseal/db";
import type { z } from "zod";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";

/** A picture as it was uploaded; its type was recognised by its bytes. */
export type Logo = { bytes: Uint8Array; contentType: string };

/** What instruction sheets of an account carry. */
export type Brand = { name: string; isOwnName: boolean; logo: Logo | null };

/** The name and logo of an account: its own name and none until something else is set. */
export async function findBrand(db: Database | Transaction, accountId: string): Promise<Brand> {
  const [account, brand] = await Promise.all([
    db.organization.findUniqueOrThrow({ where: { id: accountId } }),
    db.accountBrand.findUnique({ where: { accountId } }),
  ]);
  const logo = brand?.logo && brand.logoType ? { bytes: brand.logo, contentType: brand.logoType } : null;
  return { name: brand?.name ?? account.name, isOwnName: !brand?.name, logo };
}

/** The name that instruction sheets carry, and which logo. */
export async function getBrand(ctx: Context): Promise<z.infer<typeof BrandView>> {
  const { logo, ...brand } = await findBrand(ctx.db, ctx.accountId);
  return { ...brand, logo: logo && describeLogo(logo) };
}

/** @throws AppError `not_found` – the account has no logo */
export async function getLogo(db: Database, accountId: string): Promise<Logo> {
  const { logo } = await findBrand(db, accountId);
  if (!logo) throw new AppError("not_found", "There is no logo.");
  return logo;
}

/** What is shown of a logo: enough to see whether it is another one. */
export function describeLogo({ bytes, contentType }: Logo): { type: string; bytes: number; version: string } {
  const version = createHash("sha256").update(bytes).digest("base64url").slice(0, 16);
  return { type: contentType, bytes: bytes.length, version };
}
