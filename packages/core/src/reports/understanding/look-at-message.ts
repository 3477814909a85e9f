import type { DkimKeyLookUp } from "../trust/create-dkim-key-look-up.ts";
import { registeredDomain } from "../trust/judge-report-trust.ts";
import { isListedSigner } from "../trust/known-reporters.ts";
import { parseMessage } from "./parse-message.ts";

/** What a message is at first sight: whether there is a report in it, and which registered domain signed it; `isListed`: a large reporter's. */
export type LookedAt =
  | { holdsReport: false }
  | { holdsReport: true; signedBy: string | null; isListed: boolean };

/**
 * Reads a message without keeping anything, to decide whether it is worth the room. `signedBy` is the registered domain whose signature verifies, since
 * one owner makes any number of subdomains; null for unsigned messages and for those whose key cannot be looked up now. Never throws.
 */
export async function lookAtMessage(
  { raw, transport, now }: { raw: Buffer; transport: "smtp" | "https"; now: Date },
  deps: { lookUpKey: DkimKeyLookUp },
): Promise<LookedAt> {
  const message = { accountId: "", id: "", home: null, transport, raw, fileName: null, receivedAt: now };
  const { parsed } = await parseMessage(message, deps);
  if (parsed.length === 0) return { holdsReport: false };
  const signed = parsed.find(({ trust }) => trust === "aligned" || trust === "signed");
  const signedBy = signed?.submitter ? registeredDomain(signed.submitter) : null;
  return { holdsReport: true, signedBy, isListed: signedBy !== null && isListedSigner(signedBy) };
}
