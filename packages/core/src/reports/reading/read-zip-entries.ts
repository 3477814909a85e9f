import { inflateRawSync } from "node:zlib";

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_ENTRY = 0x04034b50;
const END_BYTES = 22;
const MAX_COMMENT_BYTES = 0xffff;
const STORED = 0;
const DEFLATED = 8;
const IN_ZIP64 = 0xffffffff;

/** A file in a zip archive; `extract` inflates it to `maxBytes` at most. */
export type ZipEntry = { fileName: string; extract(maxBytes: number): Buffer };

/** What cannot be read of an archive: `encrypted` asks for a password, `unsupported` is packed in another way. */
export class ZipError extends Error {
  readonly kind: "damaged" | "encrypted" | "unsupported";

  constructor(kind: "damaged" | "encrypted" | "unsupported", message: string) {
    super(message);
    this.kind = kind;
  }
}

type Entry = { fileName: string; flags: number; method: number; header: number; compressedBytes: number };

/**
 * The files in a zip archive, in the order of its directory; folders and what macOS and Windows add are left out.
 *
 * Sizes are taken from the central directory. Nothing is inflated before `extract` is called.
 * @throws ZipError – the archive's directory is damaged or in zip64 form; `extract` throws for one that cannot be read, and an Error
 *   with code ERR_BUFFER_TOO_LARGE for a file larger than `maxBytes`
 */
export function* readZipEntries(archive: Buffer): Generator<ZipEntry> {
  const end = findEnd(archive);
  const count = archive.readUInt16LE(end + 10);
  let offset = archive.readUInt32LE(end + 16);
  if (offset === IN_ZIP64) throw new ZipError("unsupported", "The archive is in the zip64 form");
  for (let index = 0; index < count; index++) {
    if (offset + 46 > archive.length || archive.readUInt32LE(offset) !== DIRECTORY_ENTRY) {
      throw new ZipError("damaged", "The archive's list of files is damaged");
    }
    const nameBytes = archive.readUInt16LE(offset + 28);
    const entry: Entry = {
      fileName: archive.toString("utf8", offset + 46, offset + 46 + nameBytes).toWellFormed(),
      flags: archive.readUInt16LE(offset + 8),
      method: archive.readUInt16LE(offset + 10),
      header: archive.readUInt32LE(offset + 42),
      compressedBytes: archive.readUInt32LE(offset + 20),
    };
    offset += 46 + nameBytes + archive.readUInt16LE(offset + 30) + archive.readUInt16LE(offset + 32);
    if (isAddedBySystem(entry.fileName)) continue;
    yield { fileName: entry.fileName, extract: (maxBytes) => extract(archive, entry, maxBytes) };
  }
}

function isAddedBySystem(fileName: string): boolean {
  return (
    fileName.endsWith("/") || /^__MACOSX\/|(?:^|\/)(?:\.DS_Store|Thumbs\.db|desktop\.ini)$/i.test(fileName)
  );
}

function findEnd(archive: Buffer): number {
  const first = Math.max(0, archive.length - END_BYTES - MAX_COMMENT_BYTES);
  for (let offset = archive.length - END_BYTES; offset >= first; offset--) {
    if (archive.readUInt32LE(offset) === END_OF_DIRECTORY) return offset;
  }
  throw new ZipError("damaged", "The end of the archive is missing");
}

function extract(archive: Buffer, entry: Entry, maxBytes: number): Buffer {
  const { flags, method, header, compressedBytes } = entry;
  if (flags & 1) throw new ZipError("encrypted", "The file is protected by a password");
  if (compressedBytes === IN_ZIP64 || header === IN_ZIP64) {
    throw new ZipError("unsupported", "The archive is in the zip64 form");
  }
  if (header + 30 > archive.length || archive.readUInt32LE(header) !== LOCAL_ENTRY) {
    throw new ZipError("damaged", "The file is not where the archive's list says");
  }
  const start = header + 30 + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28);
  if (start + compressedBytes > archive.length) throw new ZipError("damaged", "The file is cut off");
  const packed = archive.subarray(start, start + compressedBytes);
  if (method === STORED && packed.length > maxBytes) {
    throw Object.assign(new Error("too large"), { code: "ERR_BUFFER_TOO_LARGE" });
  }
  if (method === STORED) return packed;
  if (method === DEFLATED) return inflateRawSync(packed, { maxOutputLength: maxBytes });
  throw new ZipError("unsupported", "The file is compressed in a way other than Deflate");
}
