import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { describeUnreadable } from "./describe-unreadable.ts";
import { inflateGzip } from "./inflate-gzip.ts";
import { ZipError } from "./read-zip-entries.ts";

const TEXT = Buffer.from("a report ".repeat(50));
const MOST = 1_000_000;
const inflate = (bytes: Buffer, most = MOST) => {
  const { inflated, usedBytes } = inflateGzip(bytes, most);
  return [inflated.toString(), usedBytes];
};
const errorOf = (bytes: Buffer, most = MOST) => {
  try {
    return inflateGzip(bytes, most) && undefined;
  } catch (error) {
    return error;
  }
};

/** Gzip with all that RFC 1952 allows in its header: an extra field, a name, a comment and a checksum. */
function withFullHeader(bytes: Buffer): Buffer {
  const header = Buffer.from(bytes.subarray(0, 10));
  header[3] = 2 | 4 | 8 | 16;
  return Buffer.concat([
    header,
    Buffer.from([3, 0, 1, 2, 3]),
    Buffer.from("report.json\0a comment\0", "latin1"),
    Buffer.from([0, 0]),
    bytes.subarray(10),
  ]);
}

test("RFC 1952 §2.2: what was compressed comes out, and all of it was used", () => {
  const bytes = gzipSync(TEXT);
  expect(inflate(bytes)).toEqual([TEXT.toString(), bytes.length]);
});

test("RFC 1952 §2.2: several members are one text", () => {
  const bytes = Buffer.concat([gzipSync("one "), gzipSync("two")]);
  expect(inflate(bytes)).toEqual(["one two", bytes.length]);
});

test.each([
  ["a text", Buffer.from("\r\n--boundary--")],
  ["NULs and a text", Buffer.from("\0\0 and more")],
  ["the beginning of a member that is none", Buffer.from([0x1f, 0x8b, 0x00])],
])("what follows the compressed data is not read: %s", (_name, rest) => {
  const bytes = gzipSync(TEXT);
  expect(inflate(Buffer.concat([bytes, rest]))).toEqual([TEXT.toString(), bytes.length]);
});

test("RFC 1952 §2.3: a header with every field is passed over, also with something behind it", () => {
  const bytes = withFullHeader(gzipSync(TEXT));
  expect(inflate(Buffer.concat([bytes, Buffer.from("rest")]))).toEqual([TEXT.toString(), bytes.length]);
});

test("more than allowed is refused, however it is packed, and exactly as much is not", () => {
  const bytes = gzipSync(Buffer.alloc(10_000));
  expect(inflate(bytes, 10_000)[1]).toBe(bytes.length);
  expect(errorOf(bytes, 9_999)).toMatchObject({ code: "ERR_BUFFER_TOO_LARGE" });
  const two = Buffer.concat([
    gzipSync(Buffer.alloc(6_000)),
    gzipSync(Buffer.alloc(6_000)),
    Buffer.from("rest"),
  ]);
  expect(errorOf(two, 10_000)).toBeInstanceOf(Error);
});

test.each([0, 1, 0xffffffff])("a size of %i at the end, which is a lie, changes nothing", (size) => {
  const bytes = Buffer.from(gzipSync(TEXT));
  bytes.writeUInt32LE(size, bytes.length - 4);
  expect(inflate(bytes)).toEqual([TEXT.toString(), bytes.length]);
});

test("a wrong checksum is an error, also with something behind it", () => {
  const bytes = Buffer.from(gzipSync(TEXT));
  bytes.writeUInt32LE((bytes.readUInt32LE(bytes.length - 8) ^ 1) >>> 0, bytes.length - 8);
  expect(errorOf(bytes)).toBeInstanceOf(Error);
  expect(errorOf(Buffer.concat([bytes, Buffer.from("rest")]))).toBeInstanceOf(Error);
});

test.each([1, 5, 12, 20])("the first %i bytes alone are cut off, and said to be", (length) => {
  const problem = describeUnreadable(errorOf(gzipSync(TEXT).subarray(0, length)), "report.json.gz");
  expect(problem.reason).toBe("truncated");
  expect(problem.detail).toContain("ends too early");
});

test.each([
  [
    "a password",
    new ZipError("encrypted", "Entry 1 is encrypted"),
    "encrypted-archive",
    "protected by a password, so it cannot be opened.",
  ],
  [
    "another method",
    new ZipError("unsupported", "Method 9 is used"),
    "unsupported-archive",
    "cannot be opened: method 9 is used.",
  ],
  [
    "a cut-off archive",
    new ZipError("damaged", "The archive is cut off"),
    "truncated",
    "the rest of the archive is missing.",
  ],
  [
    "a damaged archive",
    new ZipError("damaged", "Bad checksum"),
    "bad-gzip",
    "its compressed data cannot be read.",
  ],
  ["anything else", "not an error", "bad-gzip", "its compressed data cannot be read."],
])("why a part cannot be opened is said without the library's words: %s", (_name, error, reason, end) => {
  const named = describeUnreadable(error, "report.zip");
  expect(named.reason).toBe(reason);
  expect(named.detail).toContain(end);
  expect(named.detail).toContain("report.zip");
  for (const none of [null, ""])
    expect(describeUnreadable(error, none).detail).toMatch(/^The compressed part /);
});
