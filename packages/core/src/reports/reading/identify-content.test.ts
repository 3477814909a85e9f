import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { identifyContent, isPadding } from "./identify-content.ts";

const hex = (text: string) => Buffer.from(text, "hex");
const tar = Buffer.alloc(512);
tar.write("ustar", 257, "latin1");
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, "utf16le");

test.each<[string, Buffer, string]>([
  ["an object", Buffer.from('{"a": 1}'), "json"],
  ["an object after blanks", Buffer.from(" \t\r\n{}"), "json"],
  ["an object after a byte order mark", Buffer.from("\ufeff{}"), "json"],
  ["a list of objects", Buffer.from("[ [\n {}]]"), "json"],
  ["RFC 7464 §2.2: an object after a record separator", Buffer.from('\u001e{"a": 1}'), "json"],
  ["an object in UTF-16", utf16('{"a": 1}'), "json"],
  ["a list of numbers, which is no report", Buffer.from("[1, 2]"), "other"],
  ["gzip", gzipSync("{}"), "gzip"],
  ["zip", hex("504b0304140000"), "zip"],
  ["an empty zip", hex("504b0506000000"), "zip"],
  ["something that only begins like zip", hex("504b"), "other"],
  ["a mailbox", Buffer.from("From me@example.com Tue Mar 10 12:00:00 2026\n"), "mbox"],
  ["a mail", Buffer.from("Received: from x\r\nSubject: y\r\n"), "mail"],
  ["a mail that begins with a field of its own", Buffer.from("X-Spam: no\nSubject: y\n"), "mail"],
  ["a mail with a report's fields", Buffer.from("TLS-Report-Domain: example.com\n"), "mail"],
  [
    "a line of a log file, which is no mail",
    Buffer.from("error: it failed\nfrom: nowhere else\n".slice(0, 17)),
    "other",
  ],
  ["base64 of gzip", Buffer.from(gzipSync("{}").toString("base64")), "base64"],
  ["base64 of JSON", Buffer.from(Buffer.from('{"a": 1}').toString("base64")), "base64"],
  ["uuencode", Buffer.from("begin 644 report.json.gz\n"), "uuencode"],
  ["base64 of uuencode", Buffer.from("begin-base64 644 report.json.gz\n"), "uuencode"],
  ["a sentence that begins so", Buffer.from("begin with a capital"), "other"],
  ["HTML", Buffer.from("<!DOCTYPE html><html>"), "html"],
  ["HTML without its head", Buffer.from("<p>Hello"), "html"],
  ["a DMARC report", Buffer.from('<?xml version="1.0"?><feedback>'), "xml"],
  ["one without its declaration", Buffer.from("<feedback>"), "xml"],
  ["a tag of nothing known", Buffer.from("<something>"), "other"],
  ["nothing", Buffer.alloc(0), "blank"],
  ["blanks alone", Buffer.from(" \r\n\t "), "blank"],
  ["a text", Buffer.from("Hello, here is the report."), "other"],
  ["a tar archive", tar, "archive"],
  ["a 7-Zip archive", hex("377abcaf271c00"), "archive"],
  ["Zstandard", hex("28b52ffd00"), "archive"],
  ["a PDF document", Buffer.from("%PDF-1.7"), "document"],
  ["an Outlook message", hex("d0cf11e0a1b11ae1"), "document"],
  ["a picture", hex("89504e470d0a"), "document"],
  ["a Windows program", Buffer.from("MZ\x90"), "document"],
])("%s is recognised by its bytes", (_name, bytes, kind) => {
  expect(identifyContent(bytes).kind).toBe(kind);
});

test.each([
  '{"a"',
  '{ "a"',
  "{  a",
  '{\n"a"',
  "{\n  a",
  "{\n\ta",
  "{\r\n  a",
  '{\t"a"',
  "{\t\n",
  "{\t\t",
  '[{"a"',
])(
  "base64 of a report that begins with %o is recognised, and a sentence that begins like it is not",
  (start) => {
    expect(identifyContent(Buffer.from(Buffer.from(start).toString("base64"))).kind).toBe("base64");
    expect(identifyContent(Buffer.from("eyes see, ewes graze")).kind).toBe("other");
  },
);

test("blanks before a text may be many, and the text is still found", () => {
  expect(identifyContent(Buffer.from(`${" ".repeat(100_000)}{}`)).kind).toBe("json");
});

test("padding is blanks and NULs, and nothing that can be seen", () => {
  expect(isPadding(Buffer.alloc(512))).toBe(true);
  expect(isPadding(Buffer.from(" \r\n\0"))).toBe(true);
  expect(isPadding(Buffer.alloc(0))).toBe(true);
  expect(isPadding(Buffer.from("\0\0!"))).toBe(false);
});
