import { expect, test } from "vitest";
import { readDeliveryStatus } from "./read-delivery-status.ts";

const RECIPIENT = [
  "Final-Recipient: rfc822; ada@example.com",
  "Action: failed",
  "Status: 5.1.1",
  "Diagnostic-Code: smtp; 550 5.1.1 No such user",
];

function bounce(fields: readonly string[] = RECIPIENT, type = "message/delivery-status"): Buffer {
  return Buffer.from(
    [
      "From: MAILER-DAEMON@mx.example.com",
      "Subject: Undelivered",
      'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
      "",
      "--b",
      "Content-Type: text/plain",
      "",
      "Action: failed",
      "Status: 5.9.9",
      "",
      "--b",
      `Content-Type: ${type}`,
      "",
      "Reporting-MTA: dns; mx.example.com",
      "",
      ...fields,
      "",
      "--b",
      "Content-Type: message/rfc822",
      "",
      "Status: 5.2.2",
      "Action: failed",
      "--b--",
    ].join("\r\n"),
  );
}
const withField = (name: string, value: string) =>
  RECIPIENT.map((field) => (field.startsWith(name) ? `${name}: ${value}` : field));

test("RFC 3464 §2.3: a bounce says which status it had and why, as far as the report part says it", () => {
  expect(readDeliveryStatus(bounce())).toEqual({
    status: "5.1.1",
    diagnostic: "550 5.1.1 No such user",
    isDeadAddress: true,
  });
  expect(readDeliveryStatus(bounce(RECIPIENT, "message/global-delivery-status; charset=utf-8"))?.status).toBe(
    "5.1.1",
  );
});

test.each([
  ["5.1.0", true],
  ["5.1.1", true],
  ["5.1.10", true],
  ["5.2.1", true],
  ["5.2.2", false],
  ["5.4.1", false],
  ["5.7.1", false],
  ["4.1.1", false],
  ["5.2.12", false],
])("RFC 3463 §3.2: status %s is of a dead address: %s", (status, isDeadAddress) => {
  expect(readDeliveryStatus(bounce(withField("Status", status)))).toMatchObject({ status, isDeadAddress });
});

test.each([
  ["a delay", bounce(withField("Action", "delayed"))],
  ["a delivery", bounce(withField("Action", "delivered"))],
  ["a report without a status", bounce(RECIPIENT.slice(0, 2))],
  ["a status that is none", bounce(withField("Status", "3.1.1"))],
  ["a reply of a person", Buffer.from("Subject: Away\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n")],
  ["a report that ends with its header", Buffer.from("Content-Type: message/delivery-status\r\n")],
  ["nothing", Buffer.alloc(0)],
])("%s is no bounce", (_name, raw) => {
  expect(readDeliveryStatus(raw)).toBeUndefined();
});

test("the failed one of several recipients counts", () => {
  const delayed = ["Final-Recipient: rfc822; a@example.com", "Action: delayed", "Status: 4.2.2", ""];
  expect(readDeliveryStatus(bounce([...delayed, ...RECIPIENT]))?.status).toBe("5.1.1");
});

test("a folded diagnostic is one line, without control characters, and bounded", () => {
  const folded = bounce([
    ...RECIPIENT.slice(0, 3),
    "Diagnostic-Code: smtp; 550 no\r\n  such\tuser \u0007here",
  ]);
  expect(readDeliveryStatus(folded)?.diagnostic).toBe("550 no such user here");
  const long = bounce([...RECIPIENT.slice(0, 3), `Diagnostic-Code: ${"x".repeat(5_000)}`]);
  expect(readDeliveryStatus(long)?.diagnostic).toBe("x".repeat(200));
});

test("bytes beyond 64 kB are not read", () => {
  const far = Buffer.concat([Buffer.from(`X: ${"y".repeat(70_000)}\r\n`), bounce()]);
  expect(readDeliveryStatus(far)).toBeUndefined();
});
