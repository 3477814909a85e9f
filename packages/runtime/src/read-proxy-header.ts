import { SocketAddress } from "node:net";

/** What the first bytes of a connection say. */
export type ProxyHeader =
  | { state: "incomplete" }
  | { state: "refused" }
  /** `clientAddress` is undefined when the front speaks for itself (its health checks) or says nothing about the client. */
  | { state: "complete"; clientAddress: string | undefined; bytes: number };

const SIGNATURE = Buffer.from("\r\n\r\n\0\r\nQUIT\n", "latin1");
const FIXED_BYTES = 16;
/** Addresses take 36 bytes; the rest is for further fields, which are not looked at. */
const MAX_FIELDS_BYTES = 512;
/** Version 2 in the high half, the command in the low one. */
const LOCAL = 0x20;
const PROXY = 0x21;

/**
 * Reads a header of the PROXY protocol, version 2, from the start of what was received so far. Never throws.
 *
 * Refused: version 1 and everything else, unknown commands, transports other than TCP over IPv4 or IPv6, and headers of
 * more than 528 bytes.
 */
export function readProxyHeader(received: Buffer): ProxyHeader {
  const seen = Math.min(received.length, SIGNATURE.length);
  if (SIGNATURE.compare(received, 0, seen, 0, seen) !== 0) return { state: "refused" };
  if (received.length < FIXED_BYTES) return { state: "incomplete" };
  const command = received.readUInt8(12);
  const family = received.readUInt8(13);
  const fieldsBytes = received.readUInt16BE(14);
  if (command !== LOCAL && command !== PROXY) return { state: "refused" };
  if (fieldsBytes > MAX_FIELDS_BYTES) return { state: "refused" };
  const bytes = FIXED_BYTES + fieldsBytes;
  if (received.length < bytes) return { state: "incomplete" };
  if (command === LOCAL || family === 0) return { state: "complete", clientAddress: undefined, bytes };
  const clientAddress = readClientAddress(family, received.subarray(FIXED_BYTES, bytes));
  return clientAddress === undefined ? { state: "refused" } : { state: "complete", clientAddress, bytes };
}

/** Source address, destination address, both ports; as the operating system writes addresses. */
function readClientAddress(family: number, fields: Buffer): string | undefined {
  if (family === 0x11 && fields.length >= 12) return fields.subarray(0, 4).join(".");
  if (family !== 0x21 || fields.length < 36) return undefined;
  const groups = Array.from({ length: 8 }, (_, index) => fields.readUInt16BE(index * 2).toString(16));
  return new SocketAddress({ address: groups.join(":"), family: "ipv6" }).address;
}
