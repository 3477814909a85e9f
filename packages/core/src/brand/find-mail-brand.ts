import { shadesOf } from "@waxseal/contract/brand-color";
import type { Database, Transaction } from "@waxseal/db";
import type { MailBrand } from "../mail/mail-brand.ts";
import { findFamilyBrand } from "./get-brand.ts";

/** What mails about an account carry: the brand of its provider, else its own; undefined when nothing of it was chosen. */
export async function findMailBrand(
  db: Database | Transaction,
  accountId: string,
): Promise<MailBrand | undefined> {
  const brand = await findFamilyBrand(db, accountId);
  const { name, color, senderName } = brand;
  if (brand.isOwnName && color === null && senderName === null) return undefined;
  return { name, shades: color === null ? null : shadesOf(color), senderName };
}
