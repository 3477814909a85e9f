import type { ReportMessage } from "@waxseal/db";
import type { Context } from "../../context.ts";
import { holdsForeignDomain } from "../understanding/holds-foreign-domain.ts";

/** A kept message for its account: `bytes` as it arrived, null where they stay here because of a domain that is not the account's. */
export type OpenedMessage = { id: string; fileName: string | null; bytes: Buffer | null };

/**
 * A message of the account with the bytes it may have; undefined when there is no such message.
 *
 * Every way out of Waxseal for the bytes of messages goes through here: downloads, exports, notifications.
 */
export async function openMessage(
  ctx: Context,
  where: { id: string } & Partial<Pick<ReportMessage, "state">>,
): Promise<OpenedMessage | undefined> {
  const message = await ctx.reports.reportMessage.findFirst({
    where: { ...where, accountId: ctx.accountId },
  });
  if (!message) return undefined;
  const { id, fileName, raw } = message;
  if (await holdsForeignDomain(ctx, message)) return { id, fileName: null, bytes: null };
  return { id, fileName, bytes: Buffer.from(raw) };
}
