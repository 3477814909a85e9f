import { createHmac, timingSafeEqual } from "node:crypto";
import { readSecretKeys } from "../secret-box.ts";

/** Makes the addresses that undeliverable mails come back to, and reads them again. */
export type BounceAddresses = {
  /** `b+<id>.<signature>@<reports domain>`, at most 64 characters before the `@`. */
  addressFor(id: string): string;
  /** The id in such an address that we signed; undefined for every other address. */
  readId(address: string): string | undefined;
};

const SIGNATURE_CHARACTERS = 20;
const ADDRESS = /^b\+([0-9a-f]{32})\.([0-9a-f]{20})@(.+)$/;

/**
 * Bounce addresses at the reports domain. Only an address that we signed is one, so that a stranger cannot report a mailbox as dead.
 * Every key of `SECRET_KEYS` reads, the first one signs.
 *
 * RFC 5321 §4.4 (the return path is the place for failures)
 */
export function createBounceAddresses(secretKeys: string, reportsDomain: string): BounceAddresses {
  const keys = readSecretKeys(secretKeys).map(({ key }) => key);
  const sign = (key: Buffer, hex: string) =>
    createHmac("sha256", key).update(`bounce ${hex}`).digest("hex").slice(0, SIGNATURE_CHARACTERS);
  return {
    addressFor: (id) => {
      const hex = id.replaceAll("-", "");
      return `b+${hex}.${sign(keys[0] ?? Buffer.alloc(0), hex)}@${reportsDomain}`;
    },
    readId: (address) => {
      const [, hex = "", signature = "", host] = ADDRESS.exec(address.toLowerCase()) ?? [];
      if (host?.replace(/\.$/, "") !== reportsDomain) return undefined;
      const isOurs = keys.some((key) => timingSafeEqual(Buffer.from(sign(key, hex)), Buffer.from(signature)));
      return isOurs ? hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5") : undefined;
    },
  };
}
