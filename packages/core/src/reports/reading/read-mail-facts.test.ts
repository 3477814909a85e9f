import fc from "fast-check";
import { expect, test } from "vitest";
import { addressDomain, readHeaderBytes, readHeaderFields, readMailFacts } from "./read-mail-facts.ts";

const mail = (...lines: string[]) => Buffer.from(lines.join("\r\n"));
const facts = (...lines: string[]) => readMailFacts(mail(...lines, "", "body"));
const NOTHING = { fromDomain: null, policyDomain: null, submitter: null };

test("RFC 8460 §5.3: the header fields say who reports and what about", () => {
  expect(
    facts(
      "From: TLS reports <noreply@reports.Sender.Example>",
      "TLS-Report-Domain: Example.com",
      "TLS-Report-Submitter: sender.example",
    ),
  ).toEqual({
    fromDomain: "reports.sender.example",
    policyDomain: "example.com",
    submitter: "sender.example",
  });
});

test("RFC 8460 §5.3: without these fields the subject says it", () => {
  const subject =
    "Subject: Report Domain: example.com Submitter: sender.example Report-ID: <1@sender.example>";
  expect(facts(subject)).toEqual({
    fromDomain: null,
    policyDomain: "example.com",
    submitter: "sender.example",
  });
  expect(facts(subject, "TLS-Report-Domain: other.example")).toMatchObject({
    policyDomain: "other.example",
    submitter: "sender.example",
  });
});

test("RFC 5322 §2.2.3: a folded field is one line, with blanks or a tab before its rest", () => {
  expect(facts("TLS-Report-Domain:", "\texample.com", "TLS-Report-Submitter:", "   sender.example")).toEqual({
    ...NOTHING,
    policyDomain: "example.com",
    submitter: "sender.example",
  });
});

test("RFC 5322 §2.2: the name of a field is the same in any letters", () => {
  expect(facts("tls-report-domain: example.com", "FROM: a@sender.example")).toEqual({
    ...NOTHING,
    fromDomain: "sender.example",
    policyDomain: "example.com",
  });
});

test("the first of each field counts, so that one added behind it changes nothing", () => {
  expect(facts("TLS-Report-Domain: example.com", "TLS-Report-Domain: evil.example").policyDomain).toBe(
    "example.com",
  );
});

test("the body is no header, with either kind of line end", () => {
  for (const end of ["\r\n", "\n"]) {
    const text = ["X-Other: 1", "", "TLS-Report-Domain: example.com"].join(end);
    expect(readMailFacts(Buffer.from(text))).toEqual(NOTHING);
  }
});

test.each(["X-From: a@b.example", "Subjects: Report Domain: example.com", "TLS-Report-Domains: example.com"])(
  "%s is another field",
  (line) => {
    expect(facts(line)).toEqual(NOTHING);
  },
);

test.each([
  ["user@example.com", "example.com"],
  ["Name <user@example.com>", "example.com"],
  ['"Name, with @ comma" <user@Example.COM>', "example.com"],
  ["user@example.com (a comment)", "example.com"],
  ["Name <user@example.com.>", "example.com"],
  ["<user@mail_1.example.com>", "mail_1.example.com"],
  ["user@localhost", null],
  ["user@[192.0.2.1]", null],
  ["user@exa mple.com", null],
  ["user@-", null],
  ["user@.example.com", null],
  ["user@example..com", null],
  ["user", null],
  ["", null],
  [null, null],
  [undefined, null],
  [`user@${"a".repeat(64)}.example`, null],
  [`user@${"a.".repeat(130)}example`, null],
])("the address %j is of the domain %j", (address, domain) => {
  expect(addressDomain(address)).toBe(domain);
});

test("all fields are found by name, once each, and none is longer than 2,000 characters", () => {
  const fields = readHeaderFields(
    mail("Received: 1", "Received: 2", ` Folded`, `X-Long: ${"x".repeat(3_000)}`, ":no name", "no colon", ""),
  );
  expect([...fields.keys()]).toEqual(["received", "x-long"]);
  expect(fields.get("received")).toBe("1");
  expect(fields.get("x-long")).toHaveLength(2_000);
});

test.each([
  ["CRLF", "a: 1\r\nb: 2\r\n\r\nbody\n\nmore", "a: 1\r\nb: 2"],
  ["LF", "a: 1\nb: 2\n\nbody\r\n\r\nmore", "a: 1\nb: 2"],
  ["no body", "a: 1\r\nb: 2", "a: 1\r\nb: 2"],
])("the header ends at the first blank line: %s", (_name, text, header) => {
  expect(readHeaderBytes(Buffer.from(text))).toBe(header);
});

test("a header longer than usual is read whole", () => {
  const long = `X-Long: ${"x".repeat(20_000)}\r\nTLS-Report-Domain: example.com\r\n\r\nbody`;
  expect(readMailFacts(Buffer.from(long)).policyDomain).toBe("example.com");
});

test("a header is read for 256 KiB at most", () => {
  const endless = `X-Long: ${"x".repeat(256 * 1_024)}\r\nTLS-Report-Domain: example.com\r\n\r\nbody`;
  expect(readMailFacts(Buffer.from(endless)).policyDomain).toBeNull();
});

test("RFC 6532: a field in UTF-8 is read as such", () => {
  expect(readHeaderFields(mail("Subject: Übersicht", "")).get("subject")).toBe("Übersicht");
});

test("no bytes make it throw, and what it names is a domain", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.constantFrom("From: x@", "TLS-Report-Domain: "),
      (noise, field) => {
        const read = readMailFacts(Buffer.concat([Buffer.from(field), Buffer.from(noise)]));
        for (const name of Object.values(read))
          expect(name ?? "a.b").toMatch(/^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/);
      },
    ),
    { numRuns: 300 },
  );
});
