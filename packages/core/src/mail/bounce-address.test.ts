import { expect, test } from "vitest";
import { createBounceAddresses } from "./bounce-address.ts";
import { readDeliveryStatus } from "./read-delivery-status.ts";

const key = (byte: number) => Buffer.alloc(32, byte).toString("base64url");
const ID = "019ab001-0203-7405-8607-08090a0b0c0d";
const addresses = createBounceAddresses(`a:${key(1)}`, "reports.example");
const own = addresses.addressFor(ID);

test("RFC 5321 §4.5.3.1.1: a bounce address names its message in at most 64 characters, in any case of letters", () => {
  expect(own.split("@")[0]?.length).toBeLessThanOrEqual(64);
  expect(addresses.readId(own)).toBe(ID);
  expect(addresses.readId(`${own.toUpperCase()}.`)).toBe(ID);
});

test("an address keeps working after a new key was put in front, and not after its key was removed", () => {
  expect(createBounceAddresses(`b:${key(2)},a:${key(1)}`, "reports.example").readId(own)).toBe(ID);
  expect(createBounceAddresses(`b:${key(2)}`, "reports.example").readId(own)).toBeUndefined();
});

test.each([
  own.replace(/.@/, (last) => (last.startsWith("0") ? "1@" : "0@")),
  own.replace("b+0", "b+1"),
  own.replace("reports.example", "elsewhere.example"),
  own.replace("b+", ""),
  `x${own}`,
  "b+@reports.example",
  "postmaster@reports.example",
  "",
])("%s is no bounce address of ours", (address) => {
  expect(addresses.readId(address)).toBeUndefined();
});

const dsn = (fields: string, { type = "message/delivery-status", eol = "\r\n" } = {}) =>
  Buffer.from(
    [
      "From: MAILER-DAEMON@mx.example",
      'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
      "",
      "--b",
      "Content-Type: text/plain",
      "",
      "Status: 5.1.1 in prose",
      "--b",
      `Content-Type: ${type}`,
      "",
      "Reporting-MTA: dns; mx.example",
      "Arrival-Date: Sun, 29 Nov 2026 10:00:00 +0000",
      "",
      ...fields.split("\n"),
      "",
      "--b",
      "Content-Type: text/rfc822-headers",
      "",
      "Subject: x",
      "--b--",
      "",
    ].join(eol),
  );
const failed = (status: string, more = "") =>
  `Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: ${status}${more}`;

test.each([
  ["5.1.1", true],
  ["5.1.10", true],
  ["5.2.1", true],
  ["5.2.2", false],
  ["5.4.4", false],
  ["5.7.1", false],
  ["5.7.509", false],
  ["5.0.0", false],
  ["4.4.7", false],
])(
  "RFC 3464 §2.3, RFC 3463: a failure with %s says that the address is dead: %s",
  (status, isDeadAddress) => {
    const diagnostic = "550 No such user here";
    expect(readDeliveryStatus(dsn(failed(status, `\nDiagnostic-Code: smtp; ${diagnostic}`)))).toEqual({
      status,
      diagnostic,
      isDeadAddress,
    });
  },
);

test("folded fields, bare line feeds, a second recipient and a global report are read too", () => {
  const folded = failed("5.1.1", "\nDiagnostic-Code: smtp; 550 5.1.1\n  No such\n\tuser");
  expect(readDeliveryStatus(dsn(folded, { eol: "\n" }))?.diagnostic).toBe("550 5.1.1 No such user");
  expect(readDeliveryStatus(dsn(folded, { type: "message/global-delivery-status" }))?.status).toBe("5.1.1");
  const second = `Final-Recipient: rfc822; c@b.example\nAction: delivered\nStatus: 2.0.0\n\n${failed("5.1.1")}`;
  expect(readDeliveryStatus(dsn(second))?.status).toBe("5.1.1");
});

test.each([
  ["a delay", dsn("Final-Recipient: rfc822; a@b.example\nAction: delayed\nStatus: 4.4.1")],
  ["a delivery", dsn("Final-Recipient: rfc822; a@b.example\nAction: delivered\nStatus: 2.0.0")],
  ["a relay", dsn("Final-Recipient: rfc822; a@b.example\nAction: relayed\nStatus: 2.0.0")],
  ["fields without a status", dsn("Final-Recipient: rfc822; a@b.example\nAction: failed")],
  [
    "an out-of-office reply",
    Buffer.from("Auto-Submitted: auto-replied\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n"),
  ],
  ["prose", Buffer.from("Subject: Undeliverable\r\n\r\n550 5.1.1 no such user\r\n")],
  ["nothing", Buffer.alloc(0)],
  ["noise", Buffer.from(Array.from({ length: 4_096 }, (_, at) => (at * 31) % 256))],
])("%s is no failed delivery", (_name, raw) => {
  expect(readDeliveryStatus(raw)).toBeUndefined();
});
