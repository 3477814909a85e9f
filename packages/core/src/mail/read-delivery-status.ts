/** What a mail server reports of a mail that it could not deliver. `isDeadAddress`: no later mail to this address will arrive. */
export type DeliveryStatus = { status: string; diagnostic: string; isDeadAddress: boolean };

/** Largest part of a bounce that is read; the original mail after it does not matter. */
const MAX_CHARACTERS = 65_536;
const MAX_DIAGNOSTIC = 200;
/** No such mailbox, domain or address (X.1), or a mailbox that was turned off. RFC 3463 §3.2, §3.3 */
const DEAD = /^5\.(?:1\.\d+|2\.1)$/;

/**
 * Reads the delivery status in a bounce. Undefined for anything else: a delay, a delivery, an out-of-office reply, a bounce in prose only.
 * Never throws.
 *
 * RFC 3464 §2.1, §2.3 (fields of the recipient), RFC 3462 §1
 */
export function readDeliveryStatus(raw: Uint8Array): DeliveryStatus | undefined {
  const text = Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.byteLength, MAX_CHARACTERS))
    .toString("latin1")
    .replaceAll("\r\n", "\n");
  const start = /^content-type:\s*message\/(?:global-)?delivery-status\b/im.exec(text)?.index;
  if (start === undefined) return undefined;
  const body = text.indexOf("\n\n", start);
  if (body < 0) return undefined;
  const part = text.slice(body + 2).split(/\n--/, 1)[0] ?? "";
  const blocks = part.replace(/\n[ \t]+/g, " ").split(/\n[ \t]*\n/);
  for (const fields of blocks) {
    const status = /^status:\s*([245]\.\d{1,3}\.\d{1,3})/im.exec(fields)?.[1];
    if (!status || !/^action:\s*failed\b/im.test(fields)) continue;
    const diagnostic = /^diagnostic-code:\s*(?:smtp;)?(.*)$/im.exec(fields)?.[1] ?? "";
    return { status, diagnostic: clean(diagnostic), isDeadAddress: DEAD.test(status) };
  }
  return undefined;
}

function clean(text: string): string {
  return text
    .replace(/[^\x20-\x7e]+/g, " ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, MAX_DIAGNOSTIC);
}
