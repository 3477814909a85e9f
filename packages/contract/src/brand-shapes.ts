import { z } from "zod";
import { COLOR_PATTERN } from "./brand-color.ts";

const Shade = z.string().regex(COLOR_PATTERN);

const Shades = z.object({ accent: Shade, accentHover: Shade, onAccent: Shade, accentWash: Shade });

/** A brand's colour as pages show it: shades that can be read on light and on dark backgrounds. */
export const ShownColors = z.object({ light: Shades, dark: Shades });

/** The brand that a page carries in place of ours. */
export const ShownBrand = z
  .object({
    name: z.string(),
    logo: z.string().nullable().describe("Names the picture: another one has another name; null: none"),
    colors: ShownColors.nullable().describe("null: the colours of Waxseal"),
  })
  .meta({ id: "ShownBrand" });

/** `PUT /account/brand` */
export const BrandBody = z
  .object({
    name: z.string().trim().min(1).max(100).nullable().describe("null: the account's own name"),
    color: z
      .string()
      .max(20)
      .nullable()
      .optional()
      .describe("`#` and six hexadecimal digits; null: the colours of Waxseal; left out: as it is"),
    senderName: z
      .string()
      .max(100)
      .nullable()
      .optional()
      .describe("Shown as the sender of mails, before our address; null: ours; left out: as it is"),
  })
  .meta({ id: "NewBrand" });

/** `PUT /account/brand-host` */
export const BrandHostBody = z
  .object({ host: z.string().min(1).max(1_000).describe("A name of your own domain, e.g. mail.example.com") })
  .meta({ id: "NewBrandHost" });

/** `GET /account/brand-host`: the host under which an account shows pages to its customers. */
export const BrandHostView = z
  .object({
    host: z.string().nullable().describe("null: none was set"),
    state: z
      .enum(["none", "waiting", "certificate", "active"])
      .describe("waiting: for both records; certificate: they are there, and it is being issued"),
    records: z
      .array(z.object({ type: z.enum(["CNAME", "TXT"]), name: z.string(), value: z.string() }))
      .describe("What to publish, and to leave in place"),
    problem: z.string().nullable().describe("What is missing, in words; null: nothing known"),
    url: z.string().nullable().describe("Where links lead; null: to our own site"),
  })
  .meta({ id: "BrandHost" });

/** `PUT /account/logo` */
export const LogoBody = z
  .object({
    image: z
      .base64()
      .max(280_000)
      .describe("A PNG, JPEG or WebP of at most 200 kB, 16 to 2,000 pixels a side"),
  })
  .meta({ id: "NewLogo" });

/** `GET /account/brand`: what an account shows of itself to its customers. */
export const BrandView = z
  .object({
    name: z.string(),
    isOwnName: z.boolean().describe("The name is that of the account"),
    logo: z.object({ type: z.string(), bytes: z.int(), version: z.string() }).nullable(),
    color: z.string().nullable().describe("As it was chosen; null: the colours of Waxseal"),
    colors: ShownColors.nullable().describe("The shades of it that are shown"),
    colorNote: z.string().nullable().describe("Where another shade is shown, and why"),
    senderName: z.string().nullable().describe("null: mails come from Waxseal"),
  })
  .meta({ id: "Brand" });
