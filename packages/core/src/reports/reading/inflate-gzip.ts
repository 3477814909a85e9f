import { crc32, gunzipSync, inflateRawSync } from "node:zlib";

/** `usedBytes`: what follows the compressed data is not read. */
type Inflated = { inflated: Buffer; usedBytes: number };

const MIN_CHUNK_BYTES = 1024;
const MAX_CHUNK_BYTES = 64 * 1024;
const HEADER_BYTES = 10;
const TRAILER_BYTES = 8;

/**
 * Inflates gzip, all of its members together, and says how many bytes they took.
 *
 * @throws Error of zlib – damaged, cut off, or larger than `maxBytes` (code ERR_BUFFER_TOO_LARGE)
 *
 * RFC 1952 §2.2
 */
export function inflateGzip(bytes: Buffer, maxBytes: number): Inflated {
  try {
    const options = { maxOutputLength: maxBytes, chunkSize: likelyBytes(bytes), info: true };
    const { buffer, engine } = withInfo(gunzipSync(bytes, options));
    return { inflated: buffer, usedBytes: engine.bytesWritten };
  } catch (error) {
    // zlib takes what follows a member for another one, unless it is a NUL.
    const members = inflateMembers(bytes, maxBytes);
    if (members === undefined) throw error;
    return members;
  }
}

/** Inflates whole members up to the first byte that begins none; `undefined` when one of them is broken. RFC 1952 §2.3 */
function inflateMembers(bytes: Buffer, maxBytes: number): Inflated | undefined {
  const inflated: Buffer[] = [];
  let at = 0;
  let left = maxBytes;
  while (left > 0 && bytes[at] === 0x1f && bytes[at + 1] === 0x8b && bytes[at + 2] === 8) {
    const start = findDeflate(bytes, at);
    try {
      const { buffer, engine } = withInfo(
        inflateRawSync(bytes.subarray(start), { maxOutputLength: left, info: true }),
      );
      const end = start + engine.bytesWritten;
      if (end + TRAILER_BYTES > bytes.length || bytes.readUInt32LE(end) !== crc32(buffer)) return undefined;
      inflated.push(buffer);
      left -= buffer.length;
      at = end + TRAILER_BYTES;
    } catch {
      return undefined;
    }
  }
  return inflated.length === 0 ? undefined : { inflated: Buffer.concat(inflated), usedBytes: at };
}

/** Where a member's compressed data begins: after its extra field, name, comment and checksum. */
function findDeflate(bytes: Buffer, member: number): number {
  const flags = bytes[member + 3] ?? 0;
  let at = member + HEADER_BYTES;
  if (flags & 4 && at + 2 <= bytes.length) at += 2 + bytes.readUInt16LE(at);
  for (const flag of [8, 16]) {
    const end = flags & flag ? bytes.indexOf(0, at) : at - 1;
    at = end < 0 && flags & flag ? bytes.length : end + 1;
  }
  return flags & 2 ? at + 2 : at;
}

/** With `info`, zlib answers with its engine beside the bytes, which its types do not say. */
function withInfo(answer: unknown): { buffer: Buffer; engine: { bytesWritten: number } } {
  return answer as { buffer: Buffer; engine: { bytesWritten: number } };
}

/**
 * How much memory to begin with: what gzip says at its end, which may be a lie, plus one to see that no more comes. Without, every
 * report would hold 16 KiB.
 */
function likelyBytes(gzip: Buffer): number {
  const said = gzip.length > 18 ? gzip.readUInt32LE(gzip.length - 4) + 1 : 0;
  return Math.min(Math.max(said, MIN_CHUNK_BYTES), MAX_CHUNK_BYTES);
}
