import { expect, test } from "vitest";
import { readSenderName } from "./read-sender-name.ts";

test.each([
  ["Acme Mail", "Acme Mail"],
  ["  Bäcker & Söhne   IT ", "Bäcker & Söhne IT"],
  ["Ｆｕｌｌ width", "Full width"],
  ["Пекарня", "Пекарня"],
  ["パン屋 Tokyo", "パン屋 Tokyo"],
  ["O'Neill-Müller 24/7", "O'Neill-Müller 24/7"],
  ["Acme Mail Systems", "Acme Mail Systems"],
])("%s may be the name of a sender", (text, name) => {
  expect(readSenderName(text)).toEqual({ ok: true, name });
});

test.each([
  ["Acme\r\nBcc: x@y.example", /one line/, "ends the header"],
  ["Acme\u2028Mail", /one line/, "a line separator"],
  ["Acme\u202Egnp.exe", /invisible/, "turns the text around"],
  ["Ac\u200Bme", /invisible/, "a letter without width"],
  ["alerts@bank.example", /email address/, "an address of another"],
  ["Acme <a", /email address/, "the beginning of an address"],
  ["alerts＠bank", /email address/, "an @ of full width"],
  ["Acme, Bank", /email address/, "two senders"],
  ['Acme "Bank"', /quotation/, "quotes"],
  ["paypal.com", /domain/, "a domain"],
  ["Support of bücher.example", /domain/, "a domain in a sentence"],
  ["Аcme Mail", /Latin and Cyrillic|Cyrillic and Latin/, "a Cyrillic A before Latin letters"],
  ["рауса", /look Latin/, "Cyrillic letters only, drawn like Latin ones"],
  ["Waxseal", /Waxseal's own/, "our name"],
  ["WAX-SEA1 Support", /Waxseal's own/, "a digit in our name"],
  ["vvax seal", /Waxseal's own/, "two letters for one"],
  ["Wàxséal", /Waxseal's own/, "accents on our name"],
  ["Postmaster", /mail system/, "who sends bounces"],
  ["MAILER-DAEMON", /mail system/, "who sends bounces"],
  ["24/7", /at least one letter/, "no letter"],
  ["x".repeat(61), /at most 60/, "too long"],
])("%j is refused: %s (%s)", (text, problem) => {
  expect(readSenderName(text)).toEqual({ ok: false, problem: expect.stringMatching(problem) });
});
