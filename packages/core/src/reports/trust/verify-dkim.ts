import { dkimVerify } from "mailauth";
import { readHeaderBytes } from "../reading/read-mail-facts.ts";
import type { DkimKeyLookUp } from "./create-dkim-key-look-up.ts";

/** What the signatures of a mail are worth; `domains` are those whose signature verifies (`d=`, lower-case). */
export type DkimVerdict =
  | { outcome: "verified"; domains: string[] }
  | { outcome: "broken" | "unsigned" | "unknown" };

/** Most signatures that are checked. No real mail has more; checking them would cost time and look-ups. */
const MAX_SIGNATURES = 10;

/** For all look-ups of one mail. */
const VERIFY_TIMEOUT_MS = 15_000;

/**
 * Verifies the DKIM signatures of a mail.
 *
 * A signature with `l=` counts as broken, since it leaves room for another report behind the signed part; so do RSA
 * keys under 1024 bits and SHA-1. `unknown`: no signature verifies and a key could not be looked up. Never throws.
 *
 * RFC 8460 §3, §5.3; RFC 6376 §6.1
 */
export async function verifyDkim(
  mail: Buffer,
  { lookUpKey, now }: { lookUpKey: DkimKeyLookUp; now: Date },
): Promise<DkimVerdict> {
  const signatureCount = countSignatures(mail);
  if (signatureCount === 0) return { outcome: "unsigned" };
  if (signatureCount > MAX_SIGNATURES) return { outcome: "broken" };
  const { promise: timeout, resolve } = Promise.withResolvers<DkimVerdict>();
  const timer = setTimeout(() => resolve({ outcome: "unknown" }), VERIFY_TIMEOUT_MS);
  const verdict = verifySignatures(mail, lookUpKey, now).catch((): DkimVerdict => ({ outcome: "broken" }));
  return Promise.race([verdict, timeout]).finally(() => clearTimeout(timer));
}

async function verifySignatures(mail: Buffer, lookUpKey: DkimKeyLookUp, now: Date): Promise<DkimVerdict> {
  const { results } = await dkimVerify(mail, {
    resolver: lookUpKey,
    curTime: now,
    minBitLength: 1024,
    rejectRsaSha1: true,
  });
  const passing = results.filter(
    ({ status, canonBodyLengthLimited }) => status.result === "pass" && !canonBodyLengthLimited,
  );
  const domains = passing.flatMap(({ signingDomain }) =>
    signingDomain ? [signingDomain.toLowerCase()] : [],
  );
  if (domains.length > 0) return { outcome: "verified", domains };
  return { outcome: results.some(({ status }) => status.result === "temperror") ? "unknown" : "broken" };
}

function countSignatures(mail: Buffer): number {
  return readHeaderBytes(mail).match(/^dkim-signature[ \t]*:/gim)?.length ?? 0;
}
