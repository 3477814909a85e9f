import fc from "fast-check";
import { expect, test } from "vitest";
import { normalizeDomainInput } from "./normalize-domain-input.ts";

const hostedZone = "waxseal.test";

const good: [string, string][] = [
  ["example.com", "example.com"],
  ["https://Example.COM./", "example.com"],
  [" user@example.com ", "example.com"],
  ["mailto:User.Name+tag@Example.com", "example.com"],
  ["<user@example.com>", "example.com"],
  ["http://user:secret@example.com:8443/path?q=a@b#c", "example.com"],
  ["example.com:25", "example.com"],
  ["bücher.example", "xn--bcher-kva.example"],
  ["BÜCHER。example", "xn--bcher-kva.example"],
  ["faß.de", "xn--fa-hia.de"],
  ["💩.la", "xn--ls8h.la"],
  ["mta-sts.example.com", "example.com"],
  ["https://mta-sts.example.com/.well-known/mta-sts.txt", "example.com"],
  ["_mta-sts.example.com.", "example.com"],
  ["_smtp._tls.example.com", "example.com"],
  ["mta-sts.co", "mta-sts.co"],
  ["mail.example.co.uk", "mail.example.co.uk"],
  ["someone.github.io", "someone.github.io"],
  ["not-waxseal.test", "not-waxseal.test"],
];

test.each(good)("what a person pastes is understood: %s", (text, domain) => {
  expect(normalizeDomainInput(text, { hostedZone })).toEqual({ ok: true, domain });
});

const bad: [string, RegExp][] = [
  ["", /Enter a domain name/],
  ["   ", /Enter a domain name/],
  ["192.0.2.1", /IP address/],
  ["http://[2001:db8::1]/", /IP address/],
  ["2001:db8::1", /IP address/],
  ["0x7f.1", /IP address/],
  ["１２７.0.0.1", /IP address/],
  ["localhost", /single word/],
  ["exchange.corp.local", /private networks/],
  ["company.internal", /private networks/],
  ["mail.localhost", /private networks/],
  ["company.0x1f", /not a domain name/],
  ["com", /single word/],
  ["co.uk", /suffix/],
  ["github.io", /suffix/],
  ["waxseal.test", /this service itself/],
  ["a.b.waxseal.test", /this service itself/],
  ["exa mple.com", /a blank/],
  ["exam%70le.com", /"%"/],
  ["a_b.com", /underscore/],
  ["*.example.com", /"\*"/],
  ["a..example.com", /two dots/],
  ["-a.example.com", /not a domain name/],
  [`${"a".repeat(64)}.com`, /too long/],
  [`${"a.".repeat(121)}com`, /too long/],
  ["x".repeat(2_000), /too long/],
];

test.each(bad)("what cannot be hosted is refused with its reason: %s", (text, problem) => {
  expect(normalizeDomainInput(text, { hostedZone })).toEqual({
    ok: false,
    problem: expect.stringMatching(problem),
  });
});

test("any text whatever is answered, and an accepted domain is accepted again as it is", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: "binary" }), fc.domain(), fc.webUrl(), fc.emailAddress()),
      (text) => {
        const result = normalizeDomainInput(text);
        if (result.ok) expect(normalizeDomainInput(result.domain)).toEqual(result);
      },
    ),
    { numRuns: 500 },
  );
});
