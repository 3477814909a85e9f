import type { BrandShades } from "@waxseal/contract";
import { escapeHtml, oneLine } from "./format-mail-html.ts";

/** What mails of a provider and its customers carry in place of ours. */
export type MailBrand = {
  name: string;
  /** null: our colours. */
  shades: BrandShades | null;
  /** Shown before our address; null: ours. */
  senderName: string | null;
};

/** The parts of a mail that a brand changes: its first line, its colours, and what goes into `Mail`. */
export function faceOf(brand: MailBrand | undefined) {
  return {
    name: brand ? oneLine(brand.name) : "Waxseal",
    head: escapeHtml(brand ? oneLine(brand.name) : "Waxseal"),
    shades: brand?.shades ?? undefined,
    sender: brand?.senderName ? { fromName: brand.senderName } : {},
  };
}
