import { gunzipSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { createTestZip } from "../../../testing/create-test-zip.ts";
import { describeUnreadable } from "./describe-unreadable.ts";
import { readZipEntries, ZipError } from "./read-zip-entries.ts";

/** What zlib or the zip reader really throws. */
function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error("Nothing was thrown");
}

const zipped = gzipSync("a report, a report, a report");
const zip = createTestZip([{ name: "secret.json", bytes: Buffer.from("{}"), encrypted: true }]);

test.each<[string, unknown, string, string]>([
  [
    "an archive with a password",
    thrownBy(() => [...readZipEntries(zip)][0]?.extract(10)),
    "encrypted-archive",
    "The file r.zip is protected by a password, so it cannot be opened.",
  ],
  [
    "an archive in the zip64 form",
    new ZipError("unsupported", "The archive is in the zip64 form"),
    "unsupported-archive",
    "The file r.zip cannot be opened: the archive is in the zip64 form.",
  ],
  [
    "gzip that ends too early",
    thrownBy(() => gunzipSync(zipped.subarray(0, 20))),
    "truncated",
    "The file r.zip ends too early: the rest of the compressed data is missing.",
  ],
  [
    "an archive that ends too early",
    thrownBy(() => [...readZipEntries(zip.subarray(0, 40))]),
    "truncated",
    "The file r.zip ends too early: the rest of the archive is missing.",
  ],
  [
    "a file in an archive that is cut off",
    new ZipError("damaged", "The file is cut off"),
    "truncated",
    "The file r.zip ends too early: the rest of the archive is missing.",
  ],
  [
    "an archive whose directory is damaged",
    new ZipError("damaged", "The archive's list of files is damaged"),
    "bad-gzip",
    "The file r.zip is damaged: its compressed data cannot be read.",
  ],
  [
    "bytes that are not gzip",
    thrownBy(() => gunzipSync(Buffer.from("not compressed"))),
    "bad-gzip",
    "The file r.zip is damaged: its compressed data cannot be read.",
  ],
  [
    "what is not an error",
    "oops",
    "bad-gzip",
    "The file r.zip is damaged: its compressed data cannot be read.",
  ],
])("%s is described in words, without a code of ours or of zlib", (_name, error, reason, detail) => {
  expect(describeUnreadable(error, "r.zip")).toEqual({ reason, detail });
});

test.each([
  [null, "The compressed part"],
  ["", "The compressed part"],
  ["google.com!example.org!1!2.json.gz", "The .json.gz file"],
])("a file named %j is called %s, so that no other account's domain is named", (fileName, name) => {
  expect(describeUnreadable(new Error("x"), fileName).detail).toBe(
    `${name} is damaged: its compressed data cannot be read.`,
  );
});
