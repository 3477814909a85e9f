import { expect, test } from "vitest";
import { splitMbox } from "./split-mbox.ts";

const FIRST = "From a@example.com Tue Mar 10 12:00:00 2026\nSubject: one\n\nHello\n";
const SECOND = "From b@example.com Wed Mar 11 12:00:00 2026\nSubject: two\n\nBye\n";
const split = (text: string) => splitMbox(Buffer.from(text))?.map((mail) => mail.toString());

test.each([
  ["one mail", FIRST, ["Subject: one\n\nHello\n"]],
  ["two mails", `${FIRST}\n${SECOND}`, ["Subject: one\n\nHello\n\n", "Subject: two\n\nBye\n"]],
  ["no empty line between them", FIRST + SECOND, ["Subject: one\n\nHello\n", "Subject: two\n\nBye\n"]],
  [
    "an envelope without a date after an empty line",
    `${FIRST}\nFrom -\nSubject: two\n\nBye\n`,
    ["Subject: one\n\nHello\n\n", "Subject: two\n\nBye\n"],
  ],
  ["line ends of Windows", FIRST.replaceAll("\n", "\r\n"), ["Subject: one\r\n\r\nHello\r\n"]],
  ["a byte order mark and empty lines before", `\ufeff\r\n\n${FIRST}`, ["Subject: one\n\nHello\n"]],
  [
    "a forwarded envelope",
    "From a@example.com Tue Mar 10 12:00:00 2026\n>From b@example.com Mon Mar 9 12:00:00 2026\nSubject: one\n\nHello\n",
    [">From b@example.com Mon Mar 9 12:00:00 2026\nSubject: one\n\nHello\n"],
  ],
])("RFC 4155: a mailbox is cut into its mails: %s", (_name, text, mails) => {
  expect(split(text)).toEqual(mails);
});

test.each([
  ["a line of a text that begins with From", "From now on, nothing: changes\nmuch.\n"],
  ["such a line with a colon in the next one", "From now on this holds\nnote: nothing else.\n"],
])("%s begins no mail", (_name, line) => {
  expect(split(`${FIRST}${line}`)).toEqual([`Subject: one\n\nHello\n${line}`]);
});

test("quoting of From at line starts is undone, one level of it", () => {
  expect(split(`${FIRST}>From me\n>>From you\n> From them\n`)).toEqual([
    "Subject: one\n\nHello\nFrom me\n>From you\n> From them\n",
  ]);
});

test("bytes that are no text come out as they went in", () => {
  const body = Buffer.from([0x00, 0xff, 0x80, 0x0a, 0x3e, 0x46, 0x72, 0x6f, 0x6d, 0x20, 0xfe]);
  const [mail] = splitMbox(Buffer.concat([Buffer.from(FIRST), body])) ?? [];
  expect(mail?.subarray(-10)).toEqual(
    Buffer.from([0x00, 0xff, 0x80, 0x0a, 0x46, 0x72, 0x6f, 0x6d, 0x20, 0xfe]),
  );
});

test.each(["", "Subject: one\n", "from a@example.com\n", "Fro", "\n\n"])("%o is no mailbox", (text) => {
  expect(split(text)).toBeUndefined();
});
