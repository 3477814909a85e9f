import { generateKeyPairSync } from "node:crypto";
import { buffer } from "node:stream/consumers";
import DKIM from "nodemailer/lib/dkim";
import { expect, test } from "vitest";
import { testPolicy, testReportJson, testReportMail } from "../../../testing/create-test-report.ts";
import { lookAtMessage } from "./look-at-message.ts";

const now = new Date("2026-03-15T06:00:00Z");
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const KEY = `v=DKIM1; p=${publicKey.export({ type: "spki", format: "der" }).toString("base64")}`;
const deps = { lookUpKey: async () => [[KEY]] };
const mail = testReportMail(testReportJson("2026-03-14", { policies: [testPolicy("example.com")] }));

test.each([
  ["google.com", "google.com", true],
  ["mail.google.com", "google.com", true],
  ["1.evil.example", "evil.example", false],
  ["2.evil.example", "evil.example", false],
  ["google.com.evil.example", "evil.example", false],
  ["one.github.io", "one.github.io", false],
])(
  "RFC 6376 §5: a report signed by %s counts for its registered domain, %s",
  async (domainName, signedBy, isListed) => {
    const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const raw = await buffer(new DKIM({ domainName, keySelector: "s1", privateKey: key }).sign(mail));
    expect(await lookAtMessage({ raw, transport: "smtp", now }, deps)).toEqual({
      holdsReport: true,
      signedBy,
      isListed,
    });
  },
);

test("an unsigned mail and an upload have no signer, and noise holds no report", async () => {
  const unsigned = { holdsReport: true, signedBy: null, isListed: false };
  expect(await lookAtMessage({ raw: mail, transport: "smtp", now }, deps)).toEqual(unsigned);
  const json = Buffer.from(testReportJson("2026-03-14", { policies: [testPolicy("example.com")] }));
  expect(await lookAtMessage({ raw: json, transport: "https", now }, deps)).toEqual(unsigned);
  expect(await lookAtMessage({ raw: Buffer.from("noise"), transport: "https", now }, deps)).toEqual({
    holdsReport: false,
  });
});
