import { InflateError, inflateBounded } from "./inflate-bounded.ts";

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_ENTRY = 0x04034b50;
const END_BYTES = 22;
const MAX_COMMENT_BYTES = 0xffff;
const MAX_FILES = 20;

/** A file of an archive, or why it cannot be read. */
export type UnzippedFile = {
  readonly fileName: string;
  readonly content: Uint8Array<ArrayBuffer> | InflateError;
};

/**
 * The files of a zip archive in the order of its directory, without folders; at most 20 files and `maxBytes` altogether.
 *
 * @throws InflateError – no archive, damaged, or more files than that
 *
 * RFC 8460 §5.2
 */
export async function unzipBounded(
  archive: Uint8Array<ArrayBuffer>,
  maxBytes: number,
): Promise<UnzippedFile[]> {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const files: UnzippedFile[] = [];
  let left = maxBytes;
  for (const entry of listEntries(view)) {
    if (files.length === MAX_FILES) throw new InflateError(`The archive holds more than ${MAX_FILES} files.`);
    const fileName = new TextDecoder().decode(archive.subarray(entry.nameAt, entry.nameAt + entry.nameBytes));
    if (fileName.endsWith("/")) continue;
    const content = await extract(archive, view, entry, left).catch((error) => asInflateError(error));
    if (!(content instanceof InflateError)) left -= content.byteLength;
    files.push({ fileName, content });
  }
  return files;
}

type Entry = {
  nameAt: number;
  nameBytes: number;
  flags: number;
  method: number;
  packedBytes: number;
  header: number;
};

function* listEntries(view: DataView): Generator<Entry> {
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  for (let index = 0; index < count; index++) {
    if (at + 46 > view.byteLength || view.getUint32(at, true) !== DIRECTORY_ENTRY)
      throw new InflateError("The archive's list of files is damaged.");
    const nameBytes = view.getUint16(at + 28, true);
    yield {
      nameAt: at + 46,
      nameBytes,
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      packedBytes: view.getUint32(at + 20, true),
      header: view.getUint32(at + 42, true),
    };
    at += 46 + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
}

function findEnd(view: DataView): number {
  const first = Math.max(0, view.byteLength - END_BYTES - MAX_COMMENT_BYTES);
  for (let at = view.byteLength - END_BYTES; at >= first; at--)
    if (view.getUint32(at, true) === END_OF_DIRECTORY) return at;
  throw new InflateError("The end of the archive is missing.");
}

async function extract(
  archive: Uint8Array<ArrayBuffer>,
  view: DataView,
  { flags, method, packedBytes, header }: Entry,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (flags & 1) throw new InflateError("The file is protected by a password.");
  if (header + 30 > view.byteLength || view.getUint32(header, true) !== LOCAL_ENTRY)
    throw new InflateError("The file is not where the archive's list says.");
  const start = header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true);
  if (start + packedBytes > archive.byteLength) throw new InflateError("The file is cut off.");
  const packed = archive.subarray(start, start + packedBytes);
  if (method === 8) return inflateBounded(packed, "deflate-raw", maxBytes);
  if (method !== 0) throw new InflateError("The file is compressed in a way other than Deflate.");
  if (packedBytes > maxBytes) throw new InflateError(`It holds more than ${maxBytes} bytes.`);
  return packed;
}

function asInflateError(error: unknown): InflateError {
  return error instanceof InflateError ? error : new InflateError("The file is damaged.");
}
