import { COLOR_PATTERN } from "@waxseal/contract/brand-color";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { lockAccount } from "../lock-account.ts";
import { recordEvent } from "../record-event.ts";
import { requirePermission } from "../require-permission.ts";
import { type Brand, describeLogo, findBrand } from "./get-brand.ts";
import { readImage } from "./read-image.ts";
import { readSenderName } from "./read-sender-name.ts";

type Input = {
  /** null: the account's own. */
  name: string | null;
  /** `#rrggbb`, also with capitals; null: our colours; undefined: as it is. */
  color?: string | null | undefined;
  /** null: ours; undefined: as it is. */
  senderName?: string | null | undefined;
};

/**
 * Sets what an account shows of itself to its customers.
 * @throws AppError `forbidden`; `invalid` – no colour, or a sender name that could be taken for something else
 */
export async function setBrand(ctx: Context, { name, color, senderName }: Input): Promise<void> {
  requirePermission(ctx, "account.manage");
  await changeBrand(ctx, {
    name: name?.replace(/\s+/g, " ").trim() || null,
    ...(color !== undefined && { color: color && readColor(color) }),
    ...(senderName !== undefined && { senderName: senderName && readName(senderName) }),
  });
}

function readColor(text: string): string {
  const color = text.trim().toLowerCase();
  if (COLOR_PATTERN.test(color)) return color;
  throw invalid("color", "A colour is # and six digits 0 to 9 or a to f, e.g. #1f5fbf.");
}

function readName(text: string): string {
  const read = readSenderName(text);
  if (read.ok) return read.name;
  throw invalid("senderName", read.problem);
}

function invalid(path: string, problem: string): AppError {
  return new AppError("invalid", problem, { fields: [{ path, problem }] });
}

/**
 * Sets the logo of an account's brand, recognised by its bytes alone.
 * @throws AppError `forbidden`; `invalid` – too large, or none of PNG, JPEG and WebP
 */
export async function setLogo(ctx: Context, { image }: { image: string }): Promise<void> {
  requirePermission(ctx, "account.manage");
  const bytes = Uint8Array.from(Buffer.from(image, "base64"));
  const read = readImage(bytes);
  if (!read.ok) throw invalid("image", read.problem);
  await changeBrand(ctx, { logo: bytes, logoType: read.contentType });
}

/** Takes the logo away. @throws AppError `forbidden` */
export async function removeLogo(ctx: Context): Promise<void> {
  requirePermission(ctx, "account.manage");
  await changeBrand(ctx, { logo: null, logoType: null });
}

type Change =
  | { name: string | null; color?: string | null; senderName?: string | null }
  | { logo: Uint8Array<ArrayBuffer> | null; logoType: string | null };

async function changeBrand(ctx: Context, change: Change): Promise<void> {
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

function asEventData({ name, logo, color, senderName }: Brand) {
  return { name, color, senderName, logo: logo && describeLogo(logo) };
}
