/**
 * A new id for the TXT record: 24 letters and digits, the UTC time to the millisecond and then the suffix.
 *
 * Ids made later sort later. The suffix (six random digits unless given) keeps two ids of the same millisecond apart.
 *
 * @throws RangeError – the suffix is not 1 to 14 letters and digits
 *
 * RFC 8461 §3.1
 */
export function newPolicyId(now: Date, suffix: string = randomDigits()): string {
  if (!/^[A-Za-z0-9]{1,14}$/.test(suffix))
    throw new RangeError("A policy id suffix is 1 to 14 letters and digits");
  return now.toISOString().replace(/[-:.Z]/g, "") + suffix;
}

function randomDigits(): string {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  return String(random % 1_000_000).padStart(6, "0");
}
