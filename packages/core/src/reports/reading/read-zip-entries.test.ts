import { expect, test } from "vitest";
import { createTestZip } from "../../../testing/create-test-zip.ts";
import { readZipEntries, ZipError } from "./read-zip-entries.ts";

const TEXT = Buffer.from("a report, a report, a report");
const NAMES = ["b.json", "a/c.json"];
const archive = createTestZip(NAMES.map((name) => ({ name, bytes: TEXT })));
const END_BYTES = 22;

const names = (bytes: Buffer) => [...readZipEntries(bytes)].map(({ fileName }) => fileName);
const extractFirst = (bytes: Buffer, maxBytes = 1_000) => [...readZipEntries(bytes)][0]?.extract(maxBytes);

/** The archive with some of its bytes written over. */
function changed(bytes: Buffer, change: (copy: Buffer, directory: number) => void): Buffer {
  const copy = Buffer.from(bytes);
  change(copy, copy.readUInt32LE(copy.length - END_BYTES + 16));
  return copy;
}

/** What reading throws: the kind of a ZipError, or the code of another error. */
function failure(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error instanceof ZipError ? error.kind : Object(error).code;
  }
  return "nothing";
}

test("files come in the order of the archive's directory, with all of their bytes", () => {
  const entries = [...readZipEntries(archive)];
  expect(entries.map(({ fileName }) => fileName)).toEqual(NAMES);
  expect(entries.map((entry) => entry.extract(1_000))).toEqual([TEXT, TEXT]);
});

test.each([
  "reports/",
  "__MACOSX/._b.json",
  ".DS_Store",
  "reports/.DS_Store",
  "Thumbs.db",
  "reports/desktop.ini",
])("%s, which a person did not put there, is left out", (name) => {
  expect(
    names(
      createTestZip([
        { name, bytes: TEXT },
        { name: "b.json", bytes: TEXT },
      ]),
    ),
  ).toEqual(["b.json"]);
});

test.each(["not__MACOSX/b.json", "my.DS_Store", "old-thumbs.db"])("%s is a file like any other", (name) => {
  expect(names(createTestZip([{ name, bytes: TEXT }]))).toEqual([name]);
});

test("an archive without files is empty", () => {
  expect(names(createTestZip([]))).toEqual([]);
});

test("a comment behind the directory, also of the greatest length, does not hide the files", () => {
  const comment = Buffer.alloc(0xffff, 0x20);
  expect(names(Buffer.concat([archive, comment]))).toEqual(NAMES);
  expect(failure(() => names(Buffer.concat([archive, comment, Buffer.from(" ")])))).toBe("damaged");
});

test("a file that is stored as it is comes out as it is", () => {
  expect(extractFirst(createTestZip([{ name: "b", bytes: TEXT, stored: true }]))).toEqual(TEXT);
});

test.each([
  ["deflated", false],
  ["stored", true],
])(
  "a %s file is not inflated beyond the bytes allowed, and one of exactly these bytes is",
  (_how, stored) => {
    const one = createTestZip([{ name: "b", bytes: TEXT, stored }]);
    expect(failure(() => extractFirst(one, TEXT.length - 1))).toBe("ERR_BUFFER_TOO_LARGE");
    expect(extractFirst(one, TEXT.length)).toEqual(TEXT);
  },
);

test("a bomb costs no more memory than is allowed", () => {
  const bomb = createTestZip([{ name: "b", bytes: Buffer.alloc(30_000_000) }]);
  expect(bomb.length).toBeLessThan(40_000);
  expect(failure(() => extractFirst(bomb, 1_000_000))).toBe("ERR_BUFFER_TOO_LARGE");
});

test("nothing is inflated by listing: a file that cannot be read does not hide the others", () => {
  const files = [
    { name: "secret", bytes: TEXT, encrypted: true },
    { name: "b", bytes: TEXT },
  ];
  const [secret, open] = [...readZipEntries(createTestZip(files))];
  expect(failure(() => secret?.extract(1_000))).toBe("encrypted");
  expect(open?.extract(1_000)).toEqual(TEXT);
});

test.each<[string, string, (copy: Buffer, directory: number) => void]>([
  ["packed by another method", "unsupported", (copy, at) => copy.writeUInt16LE(12, at + 10)],
  ["whose size is in the zip64 part", "unsupported", (copy, at) => copy.writeUInt32LE(0xffffffff, at + 20)],
  ["whose place is in the zip64 part", "unsupported", (copy, at) => copy.writeUInt32LE(0xffffffff, at + 42)],
  ["that is not where the directory says", "damaged", (copy, at) => copy.writeUInt32LE(3, at + 42)],
  ["behind the end of the archive", "damaged", (copy, at) => copy.writeUInt32LE(copy.length - 10, at + 42)],
  ["longer than the archive", "damaged", (copy, at) => copy.writeUInt32LE(copy.length, at + 20)],
])("a file %s is %s, and listed all the same", (_name, kind, change) => {
  const bytes = changed(archive, change);
  expect(names(bytes)).toEqual(NAMES);
  expect(failure(() => extractFirst(bytes))).toBe(kind);
});

test.each<[string, string, (copy: Buffer, directory: number) => void]>([
  [
    "in the zip64 form",
    "unsupported",
    (copy) => copy.writeUInt32LE(0xffffffff, copy.length - END_BYTES + 16),
  ],
  [
    "whose directory is not where its end says",
    "damaged",
    (copy, at) => copy.writeUInt32LE(at + 1, copy.length - 6),
  ],
  ["that promises more files than it lists", "damaged", (copy) => copy.writeUInt16LE(3, copy.length - 12)],
])("an archive %s is %s", (_name, kind, change) => {
  expect(failure(() => names(changed(archive, change)))).toBe(kind);
});

test("an archive whose end is missing is damaged, wherever it was cut", () => {
  for (const length of [0, 1, 21, 22, 40, archive.length - 1])
    expect(failure(() => names(archive.subarray(0, length)))).toBe("damaged");
});

test("a name that is not text comes out as text", () => {
  const bytes = createTestZip([{ name: "xx.json", bytes: TEXT }]);
  const odd = changed(bytes, (copy, at) => copy.writeUInt16LE(0xfeff, at + 46));
  expect(names(odd)).toEqual(["\ufffd\ufffd.json"]);
});
