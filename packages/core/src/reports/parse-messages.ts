import type { DkimKeyLookUp } from "./create-dkim-key-look-up.ts";
import { type KeptMessage, type ParsedMessage, parseMessage } from "./understand-message.ts";

/** Enough that look-ups of keys do not wait for each other; more would only hold more unpacked reports in memory. */
const AT_ONCE = 32;

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
