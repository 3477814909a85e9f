import { z } from "zod";
import { ShownColors } from "./brand-shapes.ts";
import { DnsHostView, SetupRecordView } from "./domain-shapes.ts";

/** The secret part of a link to a domain's DNS instructions. */
export const ShareToken = z.string().regex(/^[\w-]{24}$/);

const share = { createdAt: z.iso.datetime(), createdBy: z.string() };

/** `GET /domains/:id/share` */
export const ShareView = z
  .object({ share: z.object(share).nullable().describe("null: there is no link") })
  .meta({ id: "Share" });

/** `POST /domains/:id/share`: the one answer that carries the token. */
export const CreatedShareView = z
  .object({
    ...share,
    shareToken: ShareToken.describe("The link is /setup/<shareToken> on this site"),
    site: z.string().nullable().describe("The own host that the link is for, as an origin; null: this site"),
  })
  .meta({ id: "CreatedShare" });

/** `GET /shared/:shareToken`: all that the person who edits the DNS needs, and nothing else. */
export const SharedSetupView = z
  .object({
    domain: z.string(),
    accountName: z.string(),
    colors: ShownColors.nullable().describe("Of the provider's or the account's brand"),
    dns: DnsHostView,
    setup: z.array(SetupRecordView),
  })
  .meta({ id: "SharedSetup" });
