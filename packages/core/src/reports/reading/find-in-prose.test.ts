import { gunzipSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { decodeUuencode } from "./decode-uuencode.ts";
import { findInProse } from "./find-in-prose.ts";

const REPORT = '{\n "organization-name": "Example",\n "policies": []\n}';
const find = (text: string, contentType = "text/plain") =>
  findInProse({ contentType, bytes: Buffer.from(text), fileName: null } as never).map((piece) =>
    piece.toString(),
  );
const base64 = (text: string) =>
  gzipSync(text)
    .toString("base64")
    .replaceAll(/.{1,76}/g, "$&\n");

test("a report pasted into a text is found, with what follows it", () => {
  expect(find(`Hello,\n\n${REPORT}\nBye`)).toEqual([`${REPORT}\nBye`]);
});

test("a report in a reply is found behind the quote marks", () => {
  const quoted = REPORT.replaceAll(/^/gm, "> > ");
  expect(find(`They wrote:\n${quoted}`)).toEqual([REPORT.replaceAll(/^ /gm, "")]);
});

test("a report in HTML is found although its quotes are entities", () => {
  const html = `<p>Hello</p><pre>${REPORT.replaceAll('"', "&quot;").replaceAll("\n", "<br/>")}</pre>`;
  const [piece = ""] = find(html.replace("<pre>", "<br>"), "text/html");
  expect(JSON.parse(piece)).toEqual({ "organization-name": "Example", policies: [] });
});

test.each([
  ["JSON that is no report", 'Hello,\n{\n "name": "x"}'],
  ["a report in the middle of a line", `Look at this: ${REPORT.replaceAll("\n", "")}`],
  ["braces in a text", "Hello {name}, the policies are below."],
  ["base64 that is too short for a report", "H4sIAAAA"],
  ["a sentence that begins with begin", "begin 644 without an end\nand more"],
])("%s is left alone", (_name, text) => {
  expect(find(text)).toEqual([]);
});

test("compressed reports in a text are found, up to the next empty line, at most five", () => {
  const packed = base64(REPORT.repeat(20));
  const found = find(`Hello,\n\n${packed}\nBye, nothing here is base64.\n`);
  expect(found).toHaveLength(1);
  expect(gunzipSync(Buffer.from(found[0] ?? "", "base64")).toString()).toBe(REPORT.repeat(20));
  expect(find(Array.from({ length: 7 }, () => packed).join("\nand:\n"))).toHaveLength(5);
});

test("POSIX uuencode and its base64 form in a text are found and decoded", () => {
  const old = "begin 644 a.txt\n#0V%T\n`\nend\n";
  const [piece = ""] = find(`Hello,\n${old}Bye`);
  expect(decodeUuencode(Buffer.from(piece)).toString()).toBe("Cat");
  const modern = `begin-base64 644 a.txt\n${Buffer.from("Cat").toString("base64")}\n====\n`;
  const [second = ""] = find(`Hello,\n${modern}Bye`);
  expect(decodeUuencode(Buffer.from(second)).toString()).toBe("Cat");
});

test.each([
  ["lines of any length", "begin 644 x\n&:&5L;&\\@\n#9F]O\n`\nend\n", "hello foo"],
  ["blanks for zeros", 'begin 644 x\n#  $"\n \nend\n', "\0\u0001\u0002"],
  ["line ends of Windows", "begin 644 x\r\n#0V%T\r\n`\r\nend\r\n", "Cat"],
  ["no end", "begin 644 x\n#0V%T", "Cat"],
  ["nothing in it", "begin 644 x\n`\nend\n", ""],
  ["base64 without its end", "begin-base64 644 x\nQ2F0\n".replace("2", "2"), "\u0043a\u0074"],
])("uuencode is read with %s", (_name, text, wanted) => {
  expect(decodeUuencode(Buffer.from(text)).toString("latin1").slice(0, wanted.length)).toBe(wanted);
});
