import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { createTestZip } from "../../../testing/create-test-zip.ts";
import { listImportPieces } from "./list-import-pieces.ts";

const REPORT = JSON.stringify({ "report-id": "1", "organization-name": "A", policies: [] });
const OTHER = JSON.stringify({ "report-id": "2", "organization-name": "B", policies: [] });
const MAIL = "From: a@sender.example\r\nSubject: Report\r\n\r\nbody\r\n";
const ENVELOPE = "From a@sender.example Mon Mar  9 00:00:00 2026\r\n";

const pieces = (content: string | Buffer, fileName = "f") =>
  [...listImportPieces({ fileName, bytes: Buffer.from(content as string) })].map(({ raw, ...piece }) => ({
    ...piece,
    text: raw.toString(),
  }));
const texts = (content: string | Buffer) => pieces(content).map(({ text }) => text);
const zip = (...files: [string, string | Buffer][]) =>
  createTestZip(files.map(([name, bytes]) => ({ name, bytes: Buffer.from(bytes as string) })));

test.each([
  ["a report", REPORT],
  ["a mail", MAIL],
  ["text", "no report at all"],
  ["nothing", ""],
])("%s is one piece as it is", (_name, content) => {
  expect(pieces(content)).toEqual([{ fileName: "f", place: "", text: content }]);
});

test("a report in gzip stays as it came", () => {
  const bytes = gzipSync(REPORT);
  expect([...listImportPieces({ fileName: "r.json.gz", bytes })]).toEqual([
    { raw: bytes, fileName: "r.json.gz", place: "" },
  ]);
});

test("RFC 4155: each mail of a mailbox is a piece with its number", () => {
  expect(pieces(`${ENVELOPE}${MAIL}\r\n${ENVELOPE}${MAIL}`)).toMatchObject([
    { place: "mail 1", text: expect.stringMatching(/^From: a@/) },
    { place: "mail 2", text: expect.stringMatching(/^From: a@/) },
  ]);
});

test("each file of an archive is a piece with its name, and archives in it are opened too", () => {
  const inner = zip(["b.json", OTHER]);
  expect(pieces(zip(["a.json", REPORT], ["in.zip", inner]), "all.zip")).toEqual([
    { fileName: "all.zip/a.json", place: "a.json", text: REPORT },
    { fileName: "all.zip/in.zip/b.json", place: "in.zip, b.json", text: OTHER },
  ]);
});

test("a mailbox in gzip in an archive is found, and its place says the way", () => {
  const bytes = gzipSync(`${ENVELOPE}${MAIL}`);
  expect(pieces(zip(["march.mbox.gz", bytes]))).toMatchObject([{ place: "march.mbox.gz, mail 1" }]);
});

test("several JSON documents and the text between them are pieces with their line numbers", () => {
  expect(pieces(`${REPORT}\n${OTHER}\n`)).toMatchObject([
    { place: "line 1", text: REPORT },
    { place: "line 2", text: OTHER },
  ]);
  const mixed = texts(`${REPORT}\nnot json\n${OTHER}`);
  expect(mixed.filter((text) => text.trim() === "not json")).toHaveLength(1);
  expect(mixed).toEqual(expect.arrayContaining([REPORT, OTHER]));
});

test("no byte of several documents is lost, whatever is between them", () => {
  const content = `${REPORT} x ${OTHER}\n y `;
  expect(texts(content).join("").replaceAll(/\s/g, "")).toBe(content.replaceAll(/\s/g, ""));
});

test("a list of reports that is cut off stays whole, so that reading it can say so", () => {
  const content = `[${REPORT},\n${OTHER}`;
  expect(pieces(content)).toEqual([{ fileName: "f", place: "", text: content }]);
});

test("bytes after compressed data are a separate piece", () => {
  expect(pieces(Buffer.concat([gzipSync(REPORT), Buffer.from("and more")]))).toMatchObject([
    { place: "" },
    { place: "behind the compressed data", text: "and more" },
  ]);
});

test("padding behind compressed data is nothing", () => {
  expect(pieces(Buffer.concat([gzipSync(REPORT), Buffer.alloc(512)]))).toHaveLength(1);
});

test("a mail that a program saved in UTF-16 or with a byte order mark is read as text", () => {
  expect(texts(`\ufeff${MAIL}`)).toEqual([MAIL]);
  expect(texts(Buffer.from(`\ufeff${MAIL}`, "utf16le"))).toEqual([MAIL]);
});

test("a file of Apple Mail is the mail in it, without the length before and the list behind", () => {
  const emlx = `${MAIL.length}\n${MAIL}<?xml version="1.0"?><plist/>`;
  expect(texts(emlx)).toEqual([MAIL]);
});

test.each([
  ["whose length is wrong", `5\n${MAIL}`],
  ["with something else behind the mail", `${MAIL.length}\n${MAIL}more`],
  ["that holds no mail", "4\ntext"],
])("a file that begins like one of Apple Mail, %s, is one piece", (_name, content) => {
  expect(pieces(content)).toHaveLength(1);
  expect(texts(content)).toEqual([content]);
});

test("an archive that cannot be opened is one piece, and reading it finds the fault", () => {
  const damaged = zip(["a.json", REPORT]).subarray(0, -10);
  expect(pieces(damaged)).toHaveLength(1);
  const locked = createTestZip([{ name: "a", bytes: Buffer.from(REPORT), encrypted: true }]);
  expect(pieces(locked)).toHaveLength(1);
});

test("archives in archives are opened four deep, and the fifth is kept as it is", () => {
  let content = zip(["a.json", REPORT]);
  for (let depth = 0; depth < 4; depth++) content = zip(["in.zip", content]);
  const [piece, ...others] = pieces(content);
  expect(others).toEqual([]);
  expect(piece?.place).toBe("in.zip, in.zip, in.zip, in.zip");
  expect(piece?.text.startsWith("PK")).toBe(true);
});

test("what several files inflate to is bounded together: the last is not opened once the rest used it up", () => {
  const file = { fileName: "f.zip", bytes: zip(["a", "x".repeat(600)], ["b", "y".repeat(600)]) };
  expect([...listImportPieces(file, 0, { remainingBytes: 1_200 })]).toHaveLength(2);
  expect([...listImportPieces(file, 0, { remainingBytes: 1_199 })]).toMatchObject([{ place: "" }]);
});
