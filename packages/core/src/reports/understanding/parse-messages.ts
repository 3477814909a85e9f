import type { DkimKeyLookUp } from "../trust/create-dkim-key-look-up.ts";
import { type KeptMessage, type ParsedMessage, parseMessage } from "./parse-message.ts";

/** Enough that the look-ups of a batch take seconds also while DNS is away; more would only hold more unpacked reports in memory. */
const AT_ONCE = 100;

/** {@link parseMessage} for many, in their order. */
export async function parseMessages(
  messages: readonly KeptMessage[],
  deps: { lookUpKey: DkimKeyLookUp },
): Promise<ParsedMessage[]> {
  const parsed = new Array<ParsedMessage>(messages.length);
  const left = messages.entries();
  const takeTurns = async () => {
    for (const [index, message] of left) parsed[index] = await parseMessage(message, deps);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, messages.length) }, takeTurns));
  return parsed;
}
