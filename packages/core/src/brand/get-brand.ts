import { createHash } from "node:crypto";
import type { BrandView, ShownBrand, ShownColors } from "@waxseal/contract";
import { shadesOf } from "@waxseal/contract/brand-color";
import type { Database, Transaction } from "@waxseal/db";
import type { z } from "zod";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";

/** A picture as it was uploaded; its type was recognised by its bytes. */
export type Logo = { bytes: Uint8Array; contentType: string };

/** What an account shows of itself to its customers. */
export type Brand = {
  name: string;
  isOwnName: boolean;
  logo: Logo | null;
  color: string | null;
  senderName: string | null;
};

/** The brand of an account: its own name and our colours until something else is set. */
export async function findBrand(db: Database | Transaction, accountId: string): Promise<Brand> {
  const [account, brand] = await Promise.all([
    db.organization.findUniqueOrThrow({ where: { id: accountId } }),
    db.accountBrand.findUnique({ where: { accountId } }),
  ]);
  const logo = brand?.logo && brand.logoType ? { bytes: brand.logo, contentType: brand.logoType } : null;
  const { color = null, senderName = null } = brand ?? {};
  return { name: brand?.name ?? account.name, isOwnName: !brand?.name, logo, color, senderName };
}

/** The brand that people of an account see: that of the provider which manages it, else its own. */
export async function findFamilyBrand(db: Database | Transaction, accountId: string): Promise<Brand> {
  const { parentId } = await db.organization.findUniqueOrThrow({ where: { id: accountId } });
  return findBrand(db, parentId ?? accountId);
}

/** What pages show of a brand in place of ours; null when nothing of it was chosen. */
export function presentBrand(brand: Brand): z.infer<typeof ShownBrand> | null {
  if (brand.isOwnName && !brand.logo && !brand.color) return null;
  const logo = brand.logo && describeLogo(brand.logo).version;
  return { name: brand.name, logo, colors: presentColors(brand) };
}

/** What pages on an account's own host show in place of our name and colours. */
export function presentSite(brand: Brand): Pick<z.infer<typeof ShownBrand>, "name" | "colors"> {
  return { name: brand.name, colors: presentColors(brand) };
}

/** The shades of a brand's colour for pages; null: ours. */
export function presentColors({ color }: Pick<Brand, "color">): z.infer<typeof ShownColors> | null {
  if (color === null) return null;
  const { light, dark } = shadesOf(color);
  return { light: withoutKept(light), dark: withoutKept(dark) };
}

function withoutKept<T extends { isKept: boolean }>({ isKept: _, ...shades }: T): Omit<T, "isKept"> {
  return shades;
}

/** The brand of an account, as its members set it. */
export async function getBrand(ctx: Context): Promise<z.infer<typeof BrandView>> {
  const { logo, ...brand } = await findBrand(ctx.db, ctx.accountId);
  return {
    ...brand,
    logo: logo && describeLogo(logo),
    colors: presentColors(brand),
    colorNote: brand.color === null ? null : explainShades(brand.color),
  };
}

function explainShades(color: string): string | null {
  const { light, dark } = shadesOf(color);
  const changed = [
    ...(light.isKept ? [] : [`a darker shade (${light.accent}) on light pages and in mails`]),
    ...(dark.isKept ? [] : [`a lighter one (${dark.accent}) on dark pages`]),
  ];
  if (changed.length === 0) return null;
  return `Text in ${color} is hard to read on some backgrounds. We show ${changed.join(" and ")}.`;
}

/** @throws AppError `not_found` – the account has no logo */
export async function getLogo(db: Database, accountId: string): Promise<Logo> {
  return logoOf(await findBrand(db, accountId));
}

/** The logo that people of an account see. @throws AppError `not_found` – there is none */
export async function getFamilyLogo({ db, accountId }: Context): Promise<Logo> {
  return logoOf(await findFamilyBrand(db, accountId));
}

function logoOf({ logo }: Brand): Logo {
  if (!logo) throw new AppError("not_found", "There is no logo.");
  return logo;
}

/** What is shown of a logo: enough to see whether it is another one. */
export function describeLogo({ bytes, contentType }: Logo): { type: string; bytes: number; version: string } {
  const version = createHash("sha256").update(bytes).digest("base64url").slice(0, 16);
  return { type: contentType, bytes: bytes.length, version };
}
