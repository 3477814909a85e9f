import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { lockAccount } from "../lock-account.ts";
import { recordEvent } from "../record-event.ts";
import { requirePermission } from "../require-permission.ts";
import { type Brand, describeLogo, findBrand } from "./get-brand.ts";
import { readImage } from "./read-image.ts";

/** Sets the name that instruction sheets carry; null: the account's own. @throws AppError `forbidden` */
export async function setBrand(ctx: Context, { name }: { name: string | null }): Promise<void> {
  await changeBrand(ctx, { name: name?.replace(/\s+/g, " ").trim() || null });
}

/**
 * Sets the logo that instruction sheets carry, recognised by its bytes alone.
 * @throws AppError `forbidden`; `invalid` – too large, or none of PNG, JPEG and WebP
 */
export async function setLogo(ctx: Context, { image }: { image: string }): Promise<void> {
  requirePermission(ctx, "account.manage");
  const bytes = Uint8Array.from(Buffer.from(image, "base64"));
  const read = readImage(bytes);
  if (!read.ok) {
    throw new AppError("invalid", read.problem, { fields: [{ path: "image", problem: read.problem }] });
  }
  await changeBrand(ctx, { logo: bytes, logoType: read.contentType });
}

/** Takes the logo away. @throws AppError `forbidden` */
export async function removeLogo(ctx: Context): Promise<void> {
  await changeBrand(ctx, { logo: null, logoType: null });
}

type Change = { name: string | null } | { logo: Uint8Array<ArrayBuffer> | null; logoType: string | null };

async function changeBrand(ctx: Context, change: Change): Promise<void> {
  requirePermission(ctx, "account.manage");
  const { accountId } = ctx;
  await ctx.inTransaction(async (db) => {
    await lockAccount(db, accountId);
    const before = await findBrand(db, accountId);
    const data = { ...change, changedAt: ctx.now() };
    await db.accountBrand.upsert({ where: { accountId }, create: { accountId, ...data }, update: data });
    const after = await findBrand(db, accountId);
    await recordEvent(db, ctx, "brand.changed", { ...asEventData(after), before: asEventData(before) });
  });
}

function asEventData({ name, logo }: Brand) {
  return { name, logo: logo && describeLogo(logo) };
}
