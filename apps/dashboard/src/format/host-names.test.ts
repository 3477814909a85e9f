import { expect, test } from "vitest";
import { showHost } from "./host-names.ts";

const ascii = (name: string) => new URL(`http://${name}/`).hostname;

test.each([
  ["example.com", "example.com"],
  ["xn--bcher-kva.example", "bücher.example"],
  ["mx1.xn--bcher-kva.example", "mx1.bücher.example"],
  ["*.xn--bcher-kva.example", "*.bücher.example"],
  ["_smtp._tls.xn--bcher-kva.example", "_smtp._tls.bücher.example"],
  ["xn--fa-hia.de", "faß.de"],
  [ascii("пример.рф"), "пример.рф"],
  [ascii("例え.テスト"), "例え.テスト"],
  [ascii("παράδειγμα.δοκιμή"), "παράδειγμα.δοκιμή"],
])("RFC 5891, UTS 46: %s is shown as %s, without a warning", (name, text) => {
  expect(showHost(name)).toEqual({ text, ascii: name });
});

test.each([
  ["xn--a", "cannot be decoded"],
  ["xn--bcher-kvb.xn--.example", "an empty label"],
  ["xn--abc-.example", "nothing but ASCII"],
  ["xn--1ug.example", "an invisible joiner"],
])("%s stays as it is: %s", (name) => {
  expect(showHost(name)).toEqual({ text: name, ascii: name });
});

test.each([
  ["pаypal.com", /^Mixes Latin and Cyrillic letters/],
  ["gοοgle.com", /^Mixes Latin and Greek letters/],
  ["аррӏе.com", /^All letters are Cyrillic, but look Latin/],
])("UTS 39 §5: %s is named as what may imitate another name", (name, warning) => {
  const shown = showHost(ascii(name));
  expect(shown.text).toBe(name);
  expect(shown.warning).toMatch(warning);
});
