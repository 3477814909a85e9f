import { AppError } from "../../app-error.ts";
import type { Context } from "../../context.ts";
import { describeRaw, type RawMessage } from "./get-report-raw.ts";
import { openMessage } from "./open-message.ts";

/**
 * A message in quarantine, exactly as it arrived.
 *
 * @throws AppError `not_found` – no such message in this account's quarantine
 * @throws AppError `forbidden` – it names a domain that is not in this account
 */
export async function getQuarantinedRaw(
  ctx: Context,
  { messageId }: { messageId: string },
): Promise<RawMessage> {
  const message = await openMessage(ctx, { id: messageId, state: "quarantined" });
  if (!message) throw new AppError("not_found", "There is no such message in quarantine.");
  if (!message.bytes) {
    throw new AppError(
      "forbidden",
      "This message names a domain that is not in this account, so the original is not shown.",
      { reason: "names_other_account" },
    );
  }
  return describeRaw(message.id, message.bytes);
}
