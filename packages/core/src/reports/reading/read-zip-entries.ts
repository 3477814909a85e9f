import { inflateRawSync } from "node:zlib";

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_ENTRY = 0x04034b50;
const END_BYTES = 22;
const MAX_COMMENT_BYTES = 0xffff;
const STORED = 0;
const DEFLATED = 8;

type Entry = { fileName: string; method: number; start: number; compressedBytes: number };

/**
 * The files in a zip archive, at most `maxEntries`, inflated one by one as they are asked for.
 *
 * `maxBytes` is asked before each and bounds it.
 * Sizes are taken from the central directory; folders are left out.
 * @throws RangeError – the archive is damaged, encrypted, or packed in a way other than stored or deflated
 * @throws Error with code ERR_BUFFER_TOO_LARGE – a file is larger than `maxBytes`
 */
export function* readZipEntries(
  archive: Buffer,
  { maxEntries, maxBytes }: { maxEntries: number; maxBytes(): number },
): Generator<{ fileName: string; bytes: Buffer }> {
  for (const entry of listEntries(archive, maxEntries)) {
    if (entry.fileName.endsWith("/")) continue;
    yield { fileName: entry.fileName, bytes: extract(archive, entry, maxBytes()) };
  }
}

function listEntries(archive: Buffer, maxEntries: number): Entry[] {
  const end = findEnd(archive);
  const count = Math.min(archive.readUInt16LE(end + 10), maxEntries);
  let offset = archive.readUInt32LE(end + 16);
  const entries: Entry[] = [];
  for (let index = 0; index < count; index++) {
    if (archive.readUInt32LE(offset) !== DIRECTORY_ENTRY) throw new RangeError("The directory is damaged");
    if (archive.readUInt16LE(offset + 8) & 1) throw new RangeError("The archive is encrypted");
    const nameBytes = archive.readUInt16LE(offset + 28);
    const fileName = archive.toString("utf8", offset + 46, offset + 46 + nameBytes);
    const header = archive.readUInt32LE(offset + 42);
    if (archive.readUInt32LE(header) !== LOCAL_ENTRY) throw new RangeError("An entry is damaged");
    entries.push({
      fileName,
      method: archive.readUInt16LE(offset + 10),
      start: header + 30 + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28),
      compressedBytes: archive.readUInt32LE(offset + 20),
    });
    offset += 46 + nameBytes + archive.readUInt16LE(offset + 30) + archive.readUInt16LE(offset + 32);
  }
  return entries;
}

function findEnd(archive: Buffer): number {
  const first = Math.max(0, archive.length - END_BYTES - MAX_COMMENT_BYTES);
  for (let offset = archive.length - END_BYTES; offset >= first; offset--) {
    if (archive.readUInt32LE(offset) === END_OF_DIRECTORY) return offset;
  }
  throw new RangeError("The archive has no directory");
}

function extract(archive: Buffer, { method, start, compressedBytes }: Entry, maxBytes: number): Buffer {
  if (start + compressedBytes > archive.length) throw new RangeError("An entry is cut off");
  const packed = archive.subarray(start, start + compressedBytes);
  if (method === STORED && packed.length > maxBytes) {
    throw Object.assign(new Error("too large"), { code: "ERR_BUFFER_TOO_LARGE" });
  }
  if (method === STORED) return packed;
  if (method === DEFLATED) return inflateRawSync(packed, { maxOutputLength: maxBytes });
  throw new RangeError(`The archive uses compression method ${method}`);
}
