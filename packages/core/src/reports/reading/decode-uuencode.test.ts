import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeUuencode } from "./decode-uuencode.ts";

/** A text as `uuencode` writes it, with a backquote for zero as most programs do, or a blank. */
function encode(bytes: Buffer, zero = "`"): string {
  const char = (value: number) => (value === 0 ? zero : String.fromCharCode(32 + value));
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 45) {
    const part = bytes.subarray(at, at + 45);
    const padded = Buffer.concat([part, Buffer.alloc((3 - (part.length % 3)) % 3)]);
    let line = char(part.length);
    for (let three = 0; three < padded.length; three += 3) {
      const word = padded.readUIntBE(three, 3);
      line += [18, 12, 6, 0].map((shift) => char((word >> shift) & 63)).join("");
    }
    lines.push(line);
  }
  return ["begin 644 report.json.gz", ...lines, zero, "end", ""].join("\n");
}

test.each(["`", " "])("POSIX uuencode: any bytes come out as they went in, with %j for zero", (zero) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (array) => {
      const bytes = Buffer.from(array);
      expect(decodeUuencode(Buffer.from(encode(bytes, zero)))).toEqual(bytes);
    }),
    { numRuns: 200 },
  );
});

test("POSIX uuencode: the text of the standard's own kind of example", () => {
  const text = "begin 644 cat.txt\n#0V%T\n`\nend\n";
  expect(decodeUuencode(Buffer.from(text)).toString()).toBe("Cat");
});

test("POSIX uuencode: the base64 form is read to its end line, and no further", () => {
  const bytes = Buffer.from("a report");
  const text = `begin-base64 644 r.json\n${bytes.toString("base64")}\n====\naGlkZGVu\n`;
  expect(decodeUuencode(Buffer.from(text))).toEqual(bytes);
});

test("the base64 form without an end line is read as far as it goes", () => {
  const text = `begin-base64 644 r.json\n${Buffer.from("a report").toString("base64")}`;
  expect(decodeUuencode(Buffer.from(text)).toString()).toBe("a report");
});

test("lines that end as Windows ends them, and blank lines before the first, change nothing", () => {
  const text = `\r\n\r\n${encode(Buffer.from("a report")).replaceAll("\n", "\r\n")}`;
  expect(decodeUuencode(Buffer.from(text)).toString()).toBe("a report");
});

test("nothing behind the end counts", () => {
  const text = encode(Buffer.from("a report"));
  expect(decodeUuencode(Buffer.from(text + text)).toString()).toBe("a report");
});

test("a line whose trailing blanks a mail program removed still gives all of its bytes", () => {
  const bytes = Buffer.from([1, 0, 0, 0, 0, 0]);
  const text = encode(bytes, " ").replaceAll(/ +$/gm, "");
  expect(decodeUuencode(Buffer.from(text)).subarray(0, 1)).toEqual(Buffer.from([1]));
});

test("any text is decoded without an error, to no more bytes than it has characters", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (text) => {
      const bytes = Buffer.from(text);
      expect(decodeUuencode(bytes).length).toBeLessThanOrEqual(bytes.length);
    }),
    { numRuns: 300 },
  );
});
