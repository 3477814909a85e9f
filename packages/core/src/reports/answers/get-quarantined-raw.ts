import { AppError } from "../../app-error.ts";
import type { Context } from "../../context.ts";
import { holdsForeignDomain } from "../understanding/holds-foreign-domain.ts";
import { describeRaw, type RawMessage } from "./get-report-raw.ts";

/**
 * A message in quarantine, exactly as it arrived.
 *
 * @throws AppError `not_found` – no such message in this account's quarantine
 * @throws AppError `forbidden` – it holds figures about a domain of another account
 */
export async function getQuarantinedRaw(
  ctx: Context,
  { messageId }: { messageId: string },
): Promise<RawMessage> {
  const message = await ctx.db.reportMessage.findFirst({
    where: { accountId: ctx.accountId, id: messageId, state: "quarantined" },
  });
  if (!message) throw new AppError("not_found", "There is no such message in quarantine.");
  if (await holdsForeignDomain(ctx, message)) {
    throw new AppError(
      "forbidden",
      "This message also holds figures about a domain of another account, so it is not shown.",
    );
  }
  return describeRaw(message.id, Buffer.from(message.raw));
}
