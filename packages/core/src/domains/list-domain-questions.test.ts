import { expect, test } from "vitest";
import { isOneTypoApart, listDomainQuestions, type MailSign } from "./list-domain-questions.ts";

const ask = (domain: string, mail: MailSign, ...others: string[]) =>
  listDomainQuestions(domain, mail, others).map(({ code }) => code);

test.each<[string, MailSign, string[], string[]]>([
  ["example.com", "mail", [], []],
  ["example.com", "unknown", [], []],
  ["examplle.com", "no-such-domain", [], ["no-such-domain"]],
  ["parked.com", "no-mail", [], ["no-mail"]],
  ["www.example.com", "mail", [], ["host-name"]],
  ["mail.example.co.uk", "no-mail", [], ["no-mail", "host-name"]],
  ["mx1.example.com", "mail", [], ["host-name"]],
  ["mail.com", "mail", [], []],
  ["news.example.com", "mail", [], []],
  ["brewrey.example", "no-such-domain", ["brewery.example"], ["no-such-domain", "like-another"]],
])("adding %s (%s) beside %j asks %j", (domain, mail, others, codes) => {
  expect(ask(domain, mail, ...others)).toEqual(codes);
});

test.each([
  ["brewery.example", "brewrey.example"],
  ["brewery.example", "breweryy.example"],
  ["brewery.example", "brwery.example"],
  ["brewery.example", "browery.example"],
  ["example.com", "example.co"],
  ["example.com", "example.cm"],
])("%s and %s are one typing mistake apart", (a, b) => {
  expect([isOneTypoApart(a, b), isOneTypoApart(b, a)]).toEqual([true, true]);
});

test.each([
  ["brewery.example", "brewery.example"],
  ["brewery.example", "bakery.example"],
  ["shop1.example", "shop2.example"],
  ["shop1.example", "shop12.example"],
  ["a.example", "mail.a.example"],
  ["ab.de", "ac.de"],
  ["brewery.example", "yrewerb.example"],
])("%s and %s are two domains", (a, b) => {
  expect([isOneTypoApart(a, b), isOneTypoApart(b, a)]).toEqual([false, false]);
});
